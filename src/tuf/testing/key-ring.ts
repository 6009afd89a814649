import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalBytes } from '../canonical-json.js';
import { type Key, type KeyId, type KeyScheme, keyFromPublicKey, keyIdOf, type PublicKey } from '../key.js';
import type { Signature, Signed, SignedMetadata } from '../metadata.js';
import { PSS } from '../signature.js';

/** A key pair that lives as long as a spec. */
export interface KeyPair {
  readonly keyId: KeyId;
  readonly key: PublicKey;
  readonly privateKey: KeyObject;
}

export function newKeyPair(scheme: KeyScheme = 'ed25519'): KeyPair {
  const { publicKey, privateKey } = generate(scheme);
  const key = keyFromPublicKey(publicKey, scheme);
  return { keyId: keyIdOf(key), key, privateKey };
}

export function newKeyPairs(count: number): KeyPair[] {
  return Array.from({ length: count }, () => newKeyPair());
}

export function signatureBy({ keyId, key, privateKey }: KeyPair, signed: object): Signature {
  return { keyid: keyId, sig: signBytes(privateKey, key.scheme, canonicalBytes(signed)).toString('hex') };
}

export function signedBy<T extends Signed>(signed: T, ...signers: readonly KeyPair[]): SignedMetadata<T> {
  return { signatures: signers.map((signer) => signatureBy(signer, signed)), signed };
}

/** The `keys` field of root and of delegations. */
export function keysField(pairs: readonly KeyPair[]): Record<KeyId, Key> {
  return Object.fromEntries(pairs.map(({ keyId, key }) => [keyId, key]));
}

function generate(scheme: KeyScheme): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (scheme) {
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ecdsa-sha2-nistp256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ecdsa-sha2-nistp384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'rsassa-pss-sha256':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
    default:
      return scheme satisfies never;
  }
}

function signBytes(privateKey: KeyObject, scheme: KeyScheme, bytes: Uint8Array): Buffer {
  switch (scheme) {
    case 'ed25519':
      return sign(null, bytes, privateKey);
    case 'ecdsa-sha2-nistp256':
      return sign('sha256', bytes, privateKey);
    case 'ecdsa-sha2-nistp384':
      return sign('sha384', bytes, privateKey);
    case 'rsassa-pss-sha256':
      return sign('sha256', bytes, { key: privateKey, ...PSS });
    default:
      return scheme satisfies never;
  }
}
