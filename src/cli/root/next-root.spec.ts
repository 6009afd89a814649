import { keyIdOf, type PublicKey } from '../../tuf/key.js';
import type { Root } from '../../tuf/metadata.js';
import { type KeyPair, keysField, newKeyPairs } from '../../tuf/testing/key-ring.js';
import { rootOf } from '../../tuf/testing/roots.js';
import type { NamedKey } from '../keys/public-key-file.js';
import { nextRoot, type OnlineRole, type RootEdit } from './next-root.js';
import { nextRootExpiry } from './root-expiry.js';

const [FIRST, SECOND, THIRD, ONLINE, NEXT_ONLINE] = newKeyPairs(5) as [KeyPair, KeyPair, KeyPair, KeyPair, KeyPair];
const ROOT = rootOf({ rootKeys: [FIRST, SECOND], threshold: 2, online: [ONLINE] });

const named = ({ keyId, key }: KeyPair): NamedKey => ({ keyid: keyId, key });
const online = (...keys: [OnlineRole, KeyPair][]) => new Map(keys.map(([role, key]) => [role, named(key)] as const));
const next = (edit: Partial<RootEdit>, root: Root = ROOT) =>
  nextRoot(root, {
    addRootKeys: [],
    removeRootKeys: [],
    threshold: undefined,
    onlineKeys: new Map(),
    targets: null,
    expires: root.expires,
    ...edit,
  });

describe('the next root', () => {
  test('is the root in force, one version on, with another expiry', () => {
    expect(next({ expires: '2029-01-01T00:00:00Z' })).toEqual({ ...ROOT, version: 2, expires: '2029-01-01T00:00:00Z' });
  });

  test('has a root key more', () => {
    const { roles, keys } = next({ addRootKeys: [named(THIRD)] });
    expect(roles.root).toEqual({ keyids: [FIRST.keyId, SECOND.keyId, THIRD.keyId], threshold: 2 });
    expect(keys[THIRD.keyId]).toEqual(THIRD.key);
  });

  test('has a root key less, and no use for it', () => {
    const { roles, keys } = next({ removeRootKeys: [SECOND.keyId.slice(0, 12)], threshold: 1 });
    expect(roles.root).toEqual({ keyids: [FIRST.keyId], threshold: 1 });
    expect(keys).toEqual(keysField([FIRST, ONLINE]));
  });

  test('has other root keys altogether', () => {
    const { roles, keys } = next({
      addRootKeys: [named(THIRD)],
      removeRootKeys: [FIRST.keyId, SECOND.keyId],
      threshold: 1,
    });
    expect(roles).toEqual({ ...ROOT.roles, root: { keyids: [THIRD.keyId], threshold: 1 } });
    expect(keys).toEqual(keysField([ONLINE, THIRD]));
  });

  test('has another online key for one role, and the old one as long as another role uses it', () => {
    const { roles, keys } = next({ onlineKeys: online(['timestamp', NEXT_ONLINE]) });
    expect(roles).toEqual({ ...ROOT.roles, timestamp: { keyids: [NEXT_ONLINE.keyId], threshold: 1 } });
    expect(keys).toEqual(keysField([FIRST, SECOND, ONLINE, NEXT_ONLINE]));
  });

  test('has another online key for all roles, and no use for the old one', () => {
    const onlineKeys = online(['targets', NEXT_ONLINE], ['snapshot', NEXT_ONLINE], ['timestamp', NEXT_ONLINE]);
    expect(next({ onlineKeys }).keys).toEqual(keysField([FIRST, SECOND, NEXT_ONLINE]));
  });

  test('keeps fields that nobody here knows, of root, of a role and of a key', () => {
    const key = { ...SECOND.key, 'x-owner': 'security@example.com' } as PublicKey;
    const plain = rootOf({ rootKeys: [FIRST, { ...SECOND, key, keyId: keyIdOf(key) }], online: [ONLINE] });
    const roles = { ...plain.roles, root: { ...plain.roles.root, 'x-quorum': 'board' } };
    const root = { ...plain, roles, 'x-contact': { mail: 'a@example.com' } };
    expect(next({ expires: '2029-01-01T00:00:00Z' }, root)).toEqual({
      ...root,
      version: 2,
      expires: '2029-01-01T00:00:00Z',
    });
  });

  test.each<[name: string, edit: Partial<RootEdit>, sentence: RegExp]>([
    ['without a key that it does not have', { removeRootKeys: [THIRD.keyId] }, /no root key has an id/],
    ['without a key that is not named', { removeRootKeys: [''] }, /no root key has an id/],
    ['with a key that it has', { addRootKeys: [named(FIRST)] }, /is a root key already/],
    ['with one key added twice', { addRootKeys: [named(THIRD), named(THIRD)] }, /names one key twice/],
    ['with a threshold out of reach', { threshold: 3 }, /threshold of 3 cannot be reached with 2 root keys/],
    ['with too few keys left', { removeRootKeys: [FIRST.keyId] }, /threshold of 2 cannot be reached with 1 root key/],
  ])('cannot be made %s', (_name, edit, sentence) => {
    expect(() => next(edit)).toThrow(sentence);
  });

  test('is not made while the beginning of an id is that of several keys', () => {
    const pairs = newKeyPairs(17); // two of them start with the same digit
    const root = rootOf({ rootKeys: pairs, online: [ONLINE] });
    const digits = pairs.map(({ keyId }) => keyId.slice(0, 1));
    const shared = digits.find((digit, index) => digits.indexOf(digit) < index) ?? '';
    expect(() => next({ removeRootKeys: [shared] }, root)).toThrow(/several root keys/);
  });
});

describe('the expiry of the next root', () => {
  const now = new Date('2026-06-01T00:00:00Z');

  test.each([
    ['as many days ahead as asked for', 10, ROOT.expires, '2026-06-11T00:00:00Z'],
    ['a year ahead unless asked for', undefined, '2026-07-01T00:00:00Z', '2027-06-01T00:00:00Z'],
    ['never earlier unless asked for', undefined, '2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z'],
  ])('is %s', (_name, days, expires, expected) => {
    expect(nextRootExpiry({ ...ROOT, expires }, days, now)).toBe(expected);
  });
});
