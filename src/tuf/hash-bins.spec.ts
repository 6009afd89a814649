import { delegatedRoleNames, roleForPath } from './delegation.js';
import { binForPath, binNames, binsDelegation } from './hash-bins.js';
import { pathHash } from './path-hash.js';
import { TARGETS } from './role-name.js';
import { newKeyPair } from './testing/key-ring.js';

const KEY = newKeyPair();
const SIGNERS = { keyids: [KEY.keyId], threshold: 1 };
const COUNTS = [2, 4, 8, 16, 32, 256, 16_384] as const;

function delegation(count: number, kind: 'succinct' | 'classic') {
  return binsDelegation(TARGETS, { count, kind }, { [KEY.keyId]: KEY.key }, SIGNERS);
}

/** From python-tuf 7.0.1, `SuccinctRoles.get_role_for_target`; one column for each of `COUNTS`. */
const VECTORS = [
  ['a', 'bins-1', 'bins-3', 'bins-6', 'bins-c', 'bins-19', 'bins-ca', 'bins-32a5'],
  ['file.txt', 'bins-1', 'bins-2', 'bins-5', 'bins-a', 'bins-15', 'bins-aa', 'bins-2ab7'],
  ['dir/app-1.0.tar.gz', 'bins-1', 'bins-2', 'bins-5', 'bins-b', 'bins-17', 'bins-bd', 'bins-2f4d'],
  ['été/€.bin', 'bins-1', 'bins-3', 'bins-6', 'bins-c', 'bins-19', 'bins-cd', 'bins-3353'],
  ['\u{1f511}', 'bins-1', 'bins-3', 'bins-6', 'bins-c', 'bins-18', 'bins-c5', 'bins-3171'],
  ['b', 'bins-0', 'bins-0', 'bins-1', 'bins-3', 'bins-07', 'bins-3e', 'bins-0f88'],
  ['c', 'bins-0', 'bins-0', 'bins-1', 'bins-2', 'bins-05', 'bins-2e', 'bins-0b9f'],
  ['d/e/f', 'bins-1', 'bins-3', 'bins-6', 'bins-d', 'bins-1b', 'bins-d9', 'bins-364b'],
] as const;

describe('succinct hash bins', () => {
  test.each(VECTORS)('put %s into the bins that python-tuf finds it in', (path, ...bins) => {
    const found = COUNTS.map((count) =>
      binForPath(path, { ...SIGNERS, bit_length: Math.log2(count), name_prefix: 'bins' }),
    );
    expect(found).toEqual(bins);
  });

  test('TAP 15: a bit length of 10 gives 1,024 bins, named by three hex digits from "000" to "3ff"', () => {
    const names = binNames({ bit_length: 10, name_prefix: 'alice.hbd' });
    expect(names).toHaveLength(1_024);
    expect([names[0], names[1], names.at(-1)]).toEqual(['alice.hbd-000', 'alice.hbd-001', 'alice.hbd-3ff']);
  });

  test('TAP 15: the delegation names its bit length, its prefix, and one set of keys for all bins', () => {
    expect(delegation(16_384, 'succinct')).toEqual({
      keys: { [KEY.keyId]: KEY.key },
      succinct_roles: { keyids: [KEY.keyId], threshold: 1, bit_length: 14, name_prefix: 'bins' },
    });
  });

  test.each(COUNTS)('%i bins have distinct names', (count) => {
    expect(new Set(delegatedRoleNames(delegation(count, 'succinct'))).size).toBe(count);
  });
});

describe('classic hash bins', () => {
  test.each(COUNTS)('%i of them cover every prefix exactly once', (count) => {
    const { roles = [] } = delegation(count, 'classic');
    const prefixes = roles.flatMap(({ path_hash_prefixes = [] }) => path_hash_prefixes);
    const digits = prefixes[0]?.length ?? 0;
    expect(new Set(prefixes.map((prefix) => prefix.length))).toEqual(new Set([digits]));
    expect(prefixes).toEqual(
      Array.from({ length: 16 ** digits }, (_, number) => number.toString(16).padStart(digits, '0')),
    );
  });

  test.each(COUNTS)('%i of them have the names of the succinct ones, and hold the same paths', (count) => {
    const classic = delegation(count, 'classic');
    const succinct = delegation(count, 'succinct');
    expect(delegatedRoleNames(classic)).toEqual(delegatedRoleNames(succinct));
    for (let number = 0; number < 40; number += 1) {
      const path = `dir/${number}`;
      expect(roleForPath(classic, path)).toBe(roleForPath(succinct, path));
    }
  });

  test('obligation 10: have distinct names and path_hash_prefixes, never paths', () => {
    const { roles = [] } = delegation(256, 'classic');
    expect(new Set(roles.map(({ name }) => name)).size).toBe(256);
    for (const role of roles) {
      expect(Object.keys(role).sort()).toEqual(['keyids', 'name', 'path_hash_prefixes', 'terminating', 'threshold']);
    }
  });
});

test('a path hash is the sha256 of its UTF-8', () => {
  // python hashlib
  expect(pathHash('file.txt').slice(0, 8)).toBe('aadf327c');
  expect(pathHash('\u{1f511}').slice(0, 8)).toBe('c5c75521');
});
