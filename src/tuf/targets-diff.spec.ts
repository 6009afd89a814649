import { binsDelegation } from './hash-bins.js';
import type { DelegatedRole, Delegations, Targets } from './metadata.js';
import { TARGETS } from './role-name.js';
import { describeTargetsChange } from './targets-diff.js';
import { artifact } from './testing/artifacts.js';
import { patterns } from './testing/changes.js';
import { type KeyPair, keysField, newKeyPairs } from './testing/key-ring.js';

const [ALICE, BOB] = newKeyPairs(2) as [KeyPair, KeyPair];
const EXPIRES = '2027-01-01T00:00:00Z';

function targets(fields: Partial<Targets> = {}): Targets {
  return { _type: 'targets', spec_version: '1.0.34', version: 1, expires: EXPIRES, targets: {}, ...fields };
}

function listing(...contents: readonly [path: string, content: string][]): Partial<Targets> {
  const files = contents.map(([path, content]) => {
    const { path: key, ...file } = artifact(path, content);
    return [key, file] as const;
  });
  return { targets: Object.fromEntries(files) };
}

function role(name: string, fields: Partial<DelegatedRole> = {}): DelegatedRole {
  return {
    name,
    keyids: [ALICE.keyId],
    threshold: 1,
    terminating: false,
    paths: patterns('a/*'),
    ...fields,
  } as DelegatedRole;
}

const delegating = (...roles: readonly DelegatedRole[]): Partial<Targets> => ({
  delegations: { keys: keysField([ALICE, BOB]), roles },
});
const bins = (count: number, kind: 'succinct' | 'classic', signer = ALICE): Partial<Targets> => ({
  delegations: binsDelegation(TARGETS, { count, kind }, keysField([signer]), {
    keyids: [signer.keyId],
    threshold: 1,
  }) as Delegations,
});
const sha256 = (path: string, content: string) => artifact(path, content).hashes.sha256;

describe('what a version changes, in words', () => {
  test.each<[string, Partial<Targets>, Partial<Targets>, string[]]>([
    ['nothing', listing(['a', '1']), listing(['a', '1']), []],
    ['an artifact added', {}, listing(['a', '1']), [`artifact a added: 1 bytes, sha256 ${sha256('a', '1')}`]],
    [
      'an artifact replaced',
      listing(['a', '1']),
      listing(['a', '22']),
      [`artifact a replaced: 2 bytes, sha256 ${sha256('a', '22')}`],
    ],
    ['an artifact removed', listing(['a', '1']), {}, ['artifact a removed']],
    [
      'a role added',
      {},
      delegating(role('team')),
      [`delegated role team added for a/*: 1 of 1 keys must sign: ${ALICE.keyId}`],
    ],
    [
      'a terminating role added',
      {},
      delegating(role('team', { terminating: true, paths: patterns('a/*', 'b') })),
      [`delegated role team added for a/*, b, terminating: 1 of 1 keys must sign: ${ALICE.keyId}`],
    ],
    ['a role removed', delegating(role('team')), {}, ['delegated role team removed']],
    [
      'paths',
      delegating(role('team')),
      delegating(role('team', { paths: patterns('b/*') })),
      ['delegated role team: paths change from a/* to b/*'],
    ],
    [
      'keys and threshold',
      delegating(role('team', { keyids: [ALICE.keyId] })),
      delegating(role('team', { keyids: [BOB.keyId, ALICE.keyId], threshold: 2 })),
      [`delegated role team: key ${BOB.keyId} added`, 'delegated role team: threshold changes from 1 to 2'],
    ],
    [
      'terminating',
      delegating(role('team')),
      delegating(role('team', { terminating: true })),
      ['delegated role team becomes terminating'],
    ],
    [
      'not terminating any more',
      delegating(role('team', { terminating: true })),
      delegating(role('team')),
      ['delegated role team is no more terminating'],
    ],
    [
      'the order',
      delegating(role('one'), role('two')),
      delegating(role('two'), role('one')),
      ['the order of the delegated roles becomes two, one'],
    ],
    ['bins', {}, bins(16, 'succinct'), [`delegates to 16 succinct hash bins: 1 of 1 keys must sign: ${ALICE.keyId}`]],
    [
      'the number of bins',
      bins(16, 'succinct'),
      bins(4, 'classic'),
      ['the hash bins change from 16 succinct to 4 classic'],
    ],
    [
      'the keys of bins',
      bins(16, 'classic'),
      bins(16, 'classic', BOB),
      [`the hash bins: key ${BOB.keyId} added`, `the hash bins: key ${ALICE.keyId} removed`],
    ],
    ['bins that go', bins(16, 'succinct'), {}, ['the hash bins are removed']],
    [
      'bins that give way to roles',
      bins(16, 'succinct'),
      delegating(role('team')),
      ['the hash bins are removed', `delegated role team added for a/*: 1 of 1 keys must sign: ${ALICE.keyId}`],
    ],
    [
      'roles that give way to bins',
      delegating(role('team')),
      bins(4, 'succinct'),
      [`delegates to 4 succinct hash bins: 1 of 1 keys must sign: ${ALICE.keyId}`, 'delegated role team removed'],
    ],
    ['the expiry', {}, { expires: '2028-01-01T00:00:00Z' }, [`expiry changes from ${EXPIRES} to 2028-01-01T00:00:00Z`]],
    ['another field', {}, { 'x-note': 1 } as Partial<Targets>, ['field "x-note" changes']],
  ])('%s', (_name, before, after, lines) => {
    expect(describeTargetsChange(targets(before), targets({ ...after, version: 2 }))).toEqual(lines);
  });

  test('a first version as a whole', () => {
    expect(describeTargetsChange(null, targets())).toEqual(['it lists nothing yet', `expires ${EXPIRES}`]);
    expect(describeTargetsChange(null, targets(listing(['a', '1'])))[0]).toMatch(/^artifact a added/);
  });

  test('of many artifacts the first, and how many more', () => {
    const many = Array.from({ length: 50 }, (_, number) => [`file-${number}`, 'x'] as [string, string]);
    const lines = describeTargetsChange(targets(), targets(listing(...many)));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('and 30 more artifacts change');
  });

  test('of names that objects inherit as of any other', () => {
    const before = targets();
    expect(describeTargetsChange(before, targets(listing(['x/constructor', '1'])))[0]).toMatch(
      /^artifact x\/constructor added/,
    );
  });

  test('of many hash prefixes their number', () => {
    const path_hash_prefixes = Array.from({ length: 20 }, (_, number) => number.toString(16).padStart(2, '0'));
    const { paths: _, ...byHash } = role('team', { path_hash_prefixes });
    const lines = describeTargetsChange(targets(), targets(delegating(byHash)));
    expect(lines[0]).toMatch(/added for 20 hash prefixes/);
  });
});
