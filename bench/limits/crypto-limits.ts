import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { specimenBin, specimenSnapshot, specimenTimestamp } from './specimens.js';
import { timesOf } from './timing.js';

/** Milliseconds of the steps that need a processor and nothing else, on one core. */
export function cryptoLimits() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signed = (bytes: Uint8Array) => () => sign(null, bytes, privateKey);
  const verified = (bytes: Uint8Array) => {
    const signature = sign(null, bytes, privateKey);
    return () => verify(null, bytes, publicKey, signature);
  };
  const hashed = (bytes: Uint8Array) => () => createHash('sha256').update(bytes).digest();
  const bin = specimenBin();
  const [binBytes, snapshot, timestamp] = [bin, specimenSnapshot(), specimenTimestamp()].map(canonicalBytes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return {
    'sign-bin': timesOf(signed(binBytes)),
    'sign-snapshot': timesOf(signed(snapshot)),
    'sign-timestamp': timesOf(signed(timestamp)),
    'verify-bin': timesOf(verified(binBytes)),
    'verify-snapshot': timesOf(verified(snapshot)),
    'verify-timestamp': timesOf(verified(timestamp)),
    'sha256-bin': timesOf(hashed(binBytes)),
    'sha256-snapshot': timesOf(hashed(snapshot)),
    'canonical-json-bin': timesOf(() => canonicalBytes(bin)),
    'gzip-snapshot': timesOf(() => gzipSync(snapshot)),
  } as const;
}
