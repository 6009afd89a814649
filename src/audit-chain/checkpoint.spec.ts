import { parseSignedMetadata } from '../tuf/parse-metadata.js';
import { newKeyPair, newKeyPairs, signatureBy } from '../tuf/testing/key-ring.js';
import { NO_LINKS } from './chain.js';
import {
  CHECKPOINT_TYPE,
  type Checkpoint,
  type CheckpointContent,
  checkpointSigners,
  parseCheckpoint,
} from './checkpoint.js';

const HEAD = { length: 12, hash: 'ab'.repeat(32) };
const SIGNED: CheckpointContent = {
  _type: CHECKPOINT_TYPE,
  repository: 'demo',
  issued: '2026-01-31T12:00:00.000Z',
  chains: { repository: HEAD, service: NO_LINKS },
};

function trusting(...pairs: ReturnType<typeof newKeyPair>[]) {
  return {
    keys: Object.fromEntries(pairs.map(({ keyId, key }) => [keyId, key])),
    keyids: pairs.map(({ keyId }) => keyId),
    threshold: 1,
  };
}

describe('a checkpoint', () => {
  test('says which of the trusted keys signed it', () => {
    const [first, second, foreign] = newKeyPairs(3) as [
      ReturnType<typeof newKeyPair>,
      ReturnType<typeof newKeyPair>,
      ReturnType<typeof newKeyPair>,
    ];
    const checkpoint = { signatures: [first, foreign].map((pair) => signatureBy(pair, SIGNED)), signed: SIGNED };
    expect(checkpointSigners(checkpoint, trusting(first, second))).toEqual([first.keyId]);
    expect(checkpointSigners(checkpoint, trusting(second))).toEqual([]);
  });

  test('loses its signature with any change', () => {
    const pair = newKeyPair('ecdsa-sha2-nistp256');
    const signatures = [signatureBy(pair, SIGNED)];
    const changed = { ...SIGNED, chains: { ...SIGNED.chains, repository: { ...HEAD, length: 11 } } };
    expect(checkpointSigners({ signatures, signed: SIGNED }, trusting(pair))).toEqual([pair.keyId]);
    expect(checkpointSigners({ signatures, signed: changed }, trusting(pair))).toEqual([]);
  });

  test('can never be taken for metadata, nor metadata for a checkpoint', () => {
    const checkpoint: Checkpoint = { signatures: [signatureBy(newKeyPair(), SIGNED)], signed: SIGNED };
    for (const type of ['root', 'targets', 'snapshot', 'timestamp'] as const) {
      expect(() => parseSignedMetadata(checkpoint, type)).toThrow(`must be "${type}"`);
      expect(() => parseCheckpoint({ ...checkpoint, signed: { ...SIGNED, _type: type } })).toThrow('_type');
    }
  });

  test.each<[string, unknown]>([
    ['no object', 'checkpoint'],
    ['no signatures', { signed: SIGNED }],
    ['no content', { signatures: [] }],
    ['no repository', { signatures: [], signed: { ...SIGNED, repository: undefined } }],
    ['no chains', { signatures: [], signed: { ...SIGNED, chains: undefined } }],
    ['one chain only', { signatures: [], signed: { ...SIGNED, chains: { repository: HEAD } } }],
    [
      'a negative length',
      { signatures: [], signed: { ...SIGNED, chains: { repository: { ...HEAD, length: -1 }, service: HEAD } } },
    ],
    [
      'a hash that is none',
      { signatures: [], signed: { ...SIGNED, chains: { repository: { ...HEAD, hash: 'x' }, service: HEAD } } },
    ],
  ])('is refused with %s', (_, value) => {
    expect(() => parseCheckpoint(value)).toThrow(/checkpoint/);
  });
});
