import { DelegationTree, rolesGone } from './delegation-tree.js';
import { binsDelegation } from './hash-bins.js';
import type { DelegatedRole, Delegations } from './metadata.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { roleWarnings } from './role-warnings.js';
import { patterns, signersOf } from './testing/changes.js';
import { type KeyPair, keysField, newKeyPairs } from './testing/key-ring.js';
import { NOW, rootOf } from './testing/roots.js';

const [ROOT_KEY, ONLINE, ALICE, BOB] = newKeyPairs(4) as [KeyPair, KeyPair, KeyPair, KeyPair];
const TREE_ROOT = rootOf({ rootKeys: [ROOT_KEY], online: [ONLINE] });

function role(name: string, paths: readonly string[], terminating = false, key = ALICE): DelegatedRole {
  return { name: name as RoleName, keyids: [key.keyId], threshold: 1, terminating, paths: patterns(...paths) };
}

const delegations = (...roles: readonly DelegatedRole[]): Delegations => ({ keys: keysField([ALICE, BOB]), roles });
const bins = (of: string): Delegations =>
  binsDelegation(of as RoleName, { count: 4, kind: 'succinct' }, keysField([ONLINE]), {
    keyids: [ONLINE.keyId],
    threshold: 1,
  });

function tree(byDelegator: Readonly<Record<string, Delegations>>): DelegationTree {
  return new DelegationTree(TREE_ROOT, new Map(Object.entries(byDelegator) as [RoleName, Delegations][]));
}

/** two is ahead of one; two goes on to deep, one to bins of its own. */
const NESTED = tree({
  targets: delegations(role('two', ['a/*', 'b/*']), role('one', ['a/*', 'c/*']), role('rest', ['*', '*/*', '*/*/*'])),
  two: delegations(role('deep', ['a/d*'], false, BOB)),
  one: bins('one'),
});

describe('a walk for a path', () => {
  test.each([
    ['goes deep before it goes on', 'a/d1', ['targets', 'two', 'deep', 'one', 'one-bins-?']],
    ['leaves out roles that the path is not for', 'b/1', ['targets', 'two', 'rest']],
    ['TAP 15: ends at succinct bins', 'c/1', ['targets', 'one', 'one-bins-?']],
    ['comes to the last role', 'z', ['targets', 'rest']],
    ['comes to an end where nothing is for the path', 'a/b/c/d', ['targets']],
  ])('%s', (_name, path, roles) => {
    const walk = NESTED.walk(path).map((name) => name.replace(/(?<=bins-)./, '?'));
    expect(walk).toEqual(roles);
  });

  test('goes on behind classic bins', () => {
    const classic = binsDelegation('one' as RoleName, { count: 2, kind: 'classic' }, keysField([ONLINE]), {
      keyids: [ONLINE.keyId],
      threshold: 1,
    });
    const walk = tree({ targets: delegations(role('one', ['*']), role('rest', ['*'])), one: classic }).walk('z');
    expect([walk.length, walk[0], walk[1], walk.at(-1)]).toEqual([4, 'targets', 'one', 'rest']);
  });

  test('ends at a terminating role, below which it goes on', () => {
    const terminating = tree({
      targets: delegations(role('one', ['a/*'], true), role('two', ['a/*'])),
      one: delegations(role('deep', ['a/*']), role('other', ['a/*'])),
    });
    expect(terminating.walk('a/1')).toEqual(['targets', 'one', 'deep', 'other']);
  });

  test('passes by a terminating role that is for other paths', () => {
    const terminating = tree({ targets: delegations(role('one', ['b/*'], true), role('two', ['a/*'])) });
    expect(terminating.walk('a/1')).toEqual(['targets', 'two']);
  });

  test('ends the visits that were still to come when a role further down is terminating', () => {
    const terminating = tree({
      targets: delegations(role('one', ['a/*']), role('two', ['a/*'])),
      one: delegations(role('deep', ['a/*'], true)),
    });
    expect(terminating.walk('a/1')).toEqual(['targets', 'one', 'deep']);
  });

  test('visits no role twice, and comes to an end where roles delegate in a circle', () => {
    const circle = tree({
      targets: delegations(role('one', ['*'])),
      one: delegations(role('two', ['*'])),
      two: delegations(role('one', ['*'])),
    });
    expect(circle.walk('a')).toEqual(['targets', 'one', 'two']);
  });
});

describe('the role of a path', () => {
  test.each([
    ['the first one, as far down as it goes', 'a/d1', 'deep'],
    ['the first one that goes no further', 'a/1', 'two'],
    ['one that is behind', 'c/1', 'one-bins-?'],
    ['targets, where there is no other', 'a/b/c/d', 'targets'],
  ])('is %s', (_name, path, expected) => {
    const { role: found, isContested } = NESTED.route(path);
    expect([found.replace(/(?<=bins-)./, '?'), isContested]).toEqual([expected, false]);
  });

  test('is contested where clients read a pattern differently', () => {
    expect(tree({ targets: delegations(role('one', ['*'])) }).route('.hidden').isContested).toBe(true);
  });
});

describe('a tree', () => {
  test('knows who delegates to whom, and how far down that is', () => {
    expect((['targets', 'two', 'deep', 'one-bins-2'] as RoleName[]).map((name) => NESTED.delegatorOf(name))).toEqual([
      ROOT,
      TARGETS,
      'two',
      'one',
    ]);
    expect((['targets', 'two', 'deep'] as RoleName[]).map((name) => NESTED.depth(name))).toEqual([0, 1, 2]);
    expect(NESTED.under('two' as RoleName)).toEqual(['two', 'deep']);
    expect(NESTED.names()).toHaveLength(3 + 1 + 4);
  });

  test('knows the keys of every role, and of no other', () => {
    expect(NESTED.keysOf('deep' as RoleName)?.keyids).toEqual([BOB.keyId]);
    expect([SNAPSHOT, TIMESTAMP, TARGETS].map((name) => NESTED.keysOf(name)?.keyids)).toEqual(
      Array(3).fill([ONLINE.keyId]),
    );
    expect(NESTED.keysOf('one-bins-4' as RoleName)).toBeNull();
    expect([NESTED.has('stranger' as RoleName), NESTED.has('rest' as RoleName)]).toEqual([false, true]);
  });

  test('obligation 19: leaves out what nothing leads to any more', () => {
    const without = NESTED.with(new Map([[TARGETS, delegations(role('one', ['a/*']))]]));
    expect(without.delegators).toEqual(['targets', 'one']);
    expect(without.has('deep' as RoleName)).toBe(false);
    expect(rolesGone(NESTED, without)).toEqual(['two', 'rest', 'deep']);
    expect(rolesGone(NESTED, NESTED.with(new Map()))).toEqual([]);
    expect(rolesGone(null, NESTED)).toEqual([]);
  });

  test('is a new one with each change', () => {
    NESTED.with(new Map([[TARGETS, undefined]]));
    expect(NESTED.has('two' as RoleName)).toBe(true);
  });
});

describe('signers of a role are warned', () => {
  const targets = {
    _type: 'targets',
    spec_version: '1.0.34',
    version: 1,
    expires: '2027-01-01T00:00:00Z',
    targets: {},
  } as const;
  const warnings = (keys: readonly KeyPair[], threshold: number, fields: object = {}, of = 'deep') =>
    roleWarnings(of as RoleName, { ...targets, ...fields }, signersOf(keys, threshold), NESTED, NOW);

  test.each<[string, string[], RegExp]>([
    ['of a single key', warnings([BOB], 1), /single key signs this role/],
    ['of a threshold that takes every key', warnings([BOB, newKeyPairs(1)[0] as KeyPair], 2), /all 2 keys must sign/],
    [
      'of a key that signs other roles, too',
      warnings([ALICE, BOB], 1),
      new RegExp(`${ALICE.keyId} signs two, one, rest, too`),
    ],
    ['of a key that signs top-level roles', warnings([ROOT_KEY, BOB], 1), /signs root, too/],
    [
      'of a key that signs bins',
      warnings([ONLINE, BOB], 1),
      /signs targets, snapshot, timestamp, the bins of one, too/,
    ],
    ['of an expiry that is near', warnings([ALICE, BOB], 1, { expires: '2026-03-05T12:00:00Z' }), /expires in 4 days/],
  ])('%s', (_name, lines, warning) => {
    expect(lines.join('; ')).toMatch(warning);
  });

  test('of nothing, where there is nothing to be said', () => {
    expect(warnings([BOB, newKeyPairs(1)[0] as KeyPair], 1)).toEqual([]);
  });
});
