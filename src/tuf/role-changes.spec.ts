import type { Change } from './change.js';
import type { Targets } from './metadata.js';
import { roleDefinition, roleTag } from './role-definition.js';
import type { RoleName } from './role-name.js';
import { parseSettings } from './settings.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, patterns, remove, removeRole, setBins, signersOf, updateRole } from './testing/changes.js';
import { ONLINE, PEOPLE, withOnlineTargets } from './testing/delegating-repository.js';
import type { MemoryRepository } from './testing/memory-repository.js';

const [KEY, OTHER_KEY] = ONLINE;
const role = (name: string, paths: readonly string[], fields: Partial<Parameters<typeof addRole>[0]> = {}) =>
  addRole({ name, paths, keys: [KEY], ...fields });

function statesOf({ outcomes }: ReturnType<MemoryRepository['publish']>): string[] {
  return outcomes.map(({ state, refusal }) => refusal?.code ?? state);
}

function listing(...paths: string[]): MemoryRepository {
  const repository = withOnlineTargets();
  repository.publish([add(...paths.map((path) => artifact(path)))]);
  return repository;
}

describe('a role that the service signs', () => {
  test('takes the artifacts of its paths along, in one revision', () => {
    const repository = listing('team/a', 'team/sub/b', 'c');
    const { outcomes, revision } = repository.publish([role('team', ['team/*'])]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(revision?.targetsRoles.map((file) => file.role)).toEqual(['team', 'targets']);
    expect(repository.placed()).toEqual(['targets: c', 'targets: team/sub/b', 'team: team/a']);
  });

  test('is published without artifacts where there are none', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['team/*'])]);
    expect(repository.role('team')).toMatchObject({ version: 1, targets: {} });
  });

  test('gets what is added to its paths in the burst that adds it', () => {
    const repository = withOnlineTargets();
    const published = repository.publish([add(artifact('team/a')), role('team', ['team/*']), add(artifact('team/b'))]);
    expect(statesOf(published)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(repository.placed()).toEqual(['team: team/a', 'team: team/b']);
    expect(repository.published?.timestamp.signed.version).toBe(2);
  });

  test('gives away and gets artifacts when its paths change', () => {
    const repository = listing('a/1', 'b/1');
    repository.publish([role('team', ['a/*'])]);
    repository.publish([updateRole('team', { pathsOrPrefixes: { paths: patterns('b/*') } })]);
    expect(repository.placed()).toEqual(['targets: a/1', 'team: b/1']);
  });

  test('is signed again when its keys change', () => {
    const repository = listing('a/1');
    repository.publish([role('team', ['a/*'])]);
    const { revision } = repository.publish([updateRole('team', { signers: signersOf([OTHER_KEY]) })]);
    const file = revision?.targetsRoles.find((each) => each.role === 'team');
    expect(file?.metadata.signatures.map(({ keyid }) => keyid)).toEqual([OTHER_KEY.keyId]);
    expect(repository.role('team').version).toBe(2);
  });

  test.each([
    ['both keys must sign', signersOf(ONLINE, 2), 2],
    ['either key may sign', signersOf(ONLINE, 1), 2],
  ])('has enough signatures when %s', (_name, signers, count) => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*'])]);
    repository.publish([updateRole('team', { signers }), add(artifact('a/1'))]);
    expect(repository.published?.delegated.get('team' as RoleName)?.signatures).toHaveLength(count);
  });

  test('is valid for its own time', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*'], { lifetime: { expiry: 86_400, renewalWindow: 3_600 } })]);
    expect(repository.role('team').expires).toBe('2026-03-02T12:00:00Z');
    repository.publish([updateRole('team', { lifetime: null }), add(artifact('a/1'))]);
    expect(repository.role('team').expires).toBe('2026-05-30T12:00:00Z');
  });
});

describe('the order of roles', () => {
  test('is their priority: the first whose paths match gets an artifact', () => {
    const repository = withOnlineTargets();
    repository.publish([role('one', ['a/*']), role('two', ['a/*']), add(artifact('a/1'))]);
    expect(repository.placed()).toEqual(['one: a/1']);
  });

  test('moves artifacts when it changes', () => {
    const repository = withOnlineTargets();
    repository.publish([role('one', ['a/*']), role('two', ['a/*']), add(artifact('a/1'))]);
    repository.publish([updateRole('two', { position: 0 })]);
    expect(repository.placed()).toEqual(['two: a/1']);
  });

  test('of a terminating role hides those behind it', () => {
    const repository = withOnlineTargets();
    repository.publish([role('two', ['a/*']), add(artifact('a/1'))]);
    repository.publish([role('one', ['a/*'], { terminating: true, position: 0 })]);
    expect(repository.placed()).toEqual(['one: a/1']);
    expect(repository.tree.walk('a/1')).toEqual(['targets', 'one']);
  });

  test('keeps clients from an older file that a role further back lists', () => {
    const repository = withOnlineTargets();
    repository.publish([role('one', ['a/*']), role('two', ['a/*']), add(artifact('a/1', 'old'))]);
    repository.publish([updateRole('two', { position: 0 }), add(artifact('a/1', 'new'))]);
    repository.publish([updateRole('one', { position: 0 })]);
    expect(repository.found('a/1')).toMatchObject({ length: 3, hashes: artifact('a/1', 'new').hashes });
  });
});

describe('roles below roles', () => {
  test('an artifact goes down as far as the first matches go', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*']), role('sub', ['a/s*'], { under: 'team' })]);
    repository.publish([add(artifact('a/s1'), artifact('a/1'))]);
    expect(repository.placed()).toEqual(['sub: a/s1', 'team: a/1']);
  });

  test('a team may have bins of its own, which go back into the team', () => {
    const repository = withOnlineTargets();
    const paths = Array.from({ length: 12 }, (_, number) => `a/${number}`);
    repository.publish([role('team', ['a/*']), add(...paths.map((path) => artifact(path)), artifact('b'))]);
    repository.publish([setBins({ count: 4, kind: 'succinct' }, { of: 'team' })]);
    expect(repository.placed().filter((line) => line.startsWith('team-bins-'))).toHaveLength(12);
    repository.publish([setBins(null, { of: 'team' })]);
    expect(repository.placed()).toEqual(['targets: b', ...paths.map((path) => `team: ${path}`)].sort());
  });

  test('go with the role above them', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*']), role('sub', ['a/s*'], { under: 'team' }), add(artifact('a/s1'))]);
    const { plan } = repository.publish([removeRole('team', 'move')]);
    expect(plan.content?.retired).toEqual(['team', 'sub']);
    expect(repository.placed()).toEqual(['targets: a/s1']);
  });
});

describe('roles below roles below roles', () => {
  test('go as deep as clients look, with one more delegation to bins', () => {
    const repository = withOnlineTargets();
    const chain = Array.from({ length: 31 }, (_, at) =>
      role(`r${at + 1}`, ['a'], { under: at ? `r${at}` : 'targets' }),
    );
    expect(new Set(statesOf(repository.publish(chain)))).toEqual(new Set(['succeeded']));
    repository.publish([setBins({ kind: 'succinct', count: 4 }, { of: 'r31' }), add(artifact('a'))]);
    expect(repository.found('a')).toBeDefined();
    expect(statesOf(repository.publish([role('r32', ['a'], { under: 'r31' })]))).toEqual(['role-edit-invalid']);
  });
});

describe('a role that is removed', () => {
  function withTeam(): MemoryRepository {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*']), add(artifact('a/1'), artifact('c'))]);
    return repository;
  }

  test.each([
    ['move', ['targets: a/1', 'targets: c']],
    ['remove', ['targets: c']],
  ] as const)('has its artifacts %s', (artifacts, placed) => {
    const repository = withTeam();
    const { plan } = repository.publish([removeRole('team', artifacts)]);
    expect(repository.placed()).toEqual(placed);
    expect(plan.content?.retired).toEqual(['team']);
  });

  test('obligation 15: keeps its entry in snapshot, and goes on from its version under the same name', () => {
    const repository = withTeam();
    const { version } = repository.role('team');
    repository.publish([removeRole('team', 'remove')]);
    expect(repository.published?.snapshot.signed.meta.get('team.json')).toEqual({ version });
    repository.publish([role('team', ['a/*'])]);
    expect(repository.role('team')).toMatchObject({ version: version + 1, targets: {} });
  });

  test.each<[string, Change[], string[]]>([
    ['removed and made again', [removeRole('team', 'remove'), role('team', ['a/*'])], ['targets: c']],
    ['removed for another role', [removeRole('team', 'remove'), role('other', ['a/*'])], ['targets: c']],
    [
      'moved, removed, and its role made again',
      [removeRole('team', 'move'), remove('a/1'), role('team', ['a/*'])],
      ['targets: c'],
    ],
    [
      'moved, replaced, and its role made again',
      [add(artifact('a/2')), removeRole('team', 'move'), add(artifact('a/1', 'new')), role('team', ['a/*'])],
      ['targets: c', 'team: a/1', 'team: a/2'],
    ],
  ])('does not come back within a burst: %s', (_name, changes, placed) => {
    const repository = withTeam();
    expect(statesOf(repository.publish(changes))).toEqual(changes.map(() => 'succeeded'));
    expect(repository.placed()).toEqual(placed);
    if (placed.includes('team: a/1')) expect(repository.found('a/1')?.hashes).toEqual(artifact('a/1', 'new').hashes);
  });

  test('and made again in one burst delegates to nobody', () => {
    const repository = withTeam();
    repository.publish([role('sub', ['a/s*'], { under: 'team' })]);
    repository.publish([removeRole('team', 'move'), role('team', ['a/*']), add(artifact('a/s1'))]);
    expect(repository.placed()).toEqual(['targets: c', 'team: a/1', 'team: a/s1']);
    expect(repository.tree.names()).toEqual(['team']);
  });

  test('and was added in the same burst leaves no trace', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*']), add(artifact('a/1')), removeRole('team', 'remove')]);
    expect(repository.placed()).toEqual([]);
    expect(repository.published?.snapshot.signed.meta.get('team.json')).toBeUndefined();
  });

  test('takes an artifact along that targets may not list', () => {
    const repository = withTeam();
    repository.publish([{ kind: 'update-settings', settings: { targetsListsArtifacts: false }, ifMatch: null }]);
    expect(statesOf(repository.publish([add(artifact('d'))]))).toEqual(['refused']);
    expect(statesOf(repository.publish([removeRole('team', 'remove')]))).toEqual(['succeeded']);
  });
});

describe('a change of roles is refused', () => {
  const withTeam = () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*'])]);
    return repository;
  };

  test.each<[string, Change, string]>([
    ['for a name that is taken', role('team', ['b/*']), 'role-exists'],
    ['for the name of a top-level role', role('snapshot', ['b/*']), 'role-name-reserved'],
    ['for the name of a bin', role('bins-3', ['b/*']), 'role-name-reserved'],
    ['for the name of a bin of a role', role('team-bins-f', ['b/*']), 'role-name-reserved'],
    ['under a role that is not there', role('sub', ['a/*'], { under: 'stranger' }), 'role-unknown'],
    ['under snapshot', role('sub', ['a/*'], { under: 'snapshot' }), 'role-unknown'],
    ['when the role is not there', updateRole('stranger', { position: 0 }), 'role-unknown'],
    ['when targets is to be removed', removeRole('targets', 'move'), 'role-edit-invalid'],
    ['when root is to be edited as if it were delegated', updateRole('root', { position: 0 }), 'role-edit-invalid'],
    ['when there are no bins to take away', setBins(null), 'role-edit-invalid'],
    ['when bins are to stand beside named roles', setBins({ count: 4, kind: 'succinct' }), 'role-edit-invalid'],
    [
      'when it was made for an earlier state',
      updateRole('team', { position: 0, ifMatch: 'earlier' }),
      'precondition-failed',
    ],
    ['when a removal was made for an earlier state', removeRole('team', 'move', 'earlier'), 'precondition-failed'],
  ])('%s', (_name, change, code) => {
    const { outcomes, plan } = withTeam().publish([change]);

    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [] });
  });

  test('beside bins', () => {
    const repository = withOnlineTargets(parseSettings({ bins: { count: 4 } }));
    expect(statesOf(repository.publish([role('team', ['a/*'])]))).toEqual(['role-edit-invalid']);
    expect(statesOf(repository.publish([updateRole('bins-1', { terminating: true })]))).toEqual(['role-edit-invalid']);
  });

  test('and leaves the others of its burst as they are', () => {
    const repository = withTeam();
    const published = repository.publish([role('team', ['b/*']), add(artifact('a/1')), role('other', ['b/*'])]);
    expect(statesOf(published)).toEqual(['role-exists', 'succeeded', 'succeeded']);
    expect(repository.placed()).toEqual(['team: a/1']);
  });
});

describe('the tag of a role', () => {
  const tagOf = (repository: MemoryRepository, name: string) => {
    const definition = roleDefinition(repository.tree, repository.settings, name as RoleName);
    if (!definition) throw new Error('there is such a role');
    return roleTag(definition);
  };

  test('stays when the role is signed again, and lets an edit through', () => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*'])]);
    const tag = tagOf(repository, 'team');
    repository.publish([add(artifact('a/1')), { kind: 'resign', roles: [] }]);
    expect(tagOf(repository, 'team')).toBe(tag);
    expect(statesOf(repository.publish([updateRole('team', { terminating: true, ifMatch: tag })]))).toEqual([
      'succeeded',
    ]);
  });

  test.each<[string, Change]>([
    ['its paths', updateRole('team', { pathsOrPrefixes: { paths: patterns('b/*') } })],
    ['its keys', updateRole('team', { signers: signersOf([OTHER_KEY]) })],
    ['its threshold', updateRole('team', { signers: signersOf(ONLINE, 2) })],
    ['its order', role('first', ['a/*'], { position: 0 })],
    ['whether it is terminating', updateRole('team', { terminating: true })],
    ['its lifetime', updateRole('team', { lifetime: { expiry: 100, renewalWindow: 10 } })],
    ['its bins', setBins({ count: 2, kind: 'classic' }, { of: 'team' })],
    ['its keys, even before people have signed', updateRole('team', { signers: signersOf([PEOPLE[0]]) })],
  ])('changes with %s', (_name, change) => {
    const repository = withOnlineTargets();
    repository.publish([role('team', ['a/*'])]);
    const tag = tagOf(repository, 'team');
    const published = repository.publish([change, updateRole('team', { terminating: false, ifMatch: tag })]);
    expect(statesOf(published)).toEqual(['succeeded', 'precondition-failed']);
  });
});

test('obligation 1: unknown fields of a delegation are kept when it is edited', () => {
  const repository = withOnlineTargets();
  repository.publish([role('team', ['a/*'])]);
  const targets = repository.role('targets');
  const roles = targets.delegations?.roles?.map((each) => ({ ...each, 'x-owner': 'us' }));
  const noted = { ...targets, delegations: { ...targets.delegations, roles, 'x-note': 1 } } as Targets;
  if (repository.published)
    repository.published = { ...repository.published, targets: { signatures: [], signed: noted } };
  repository.publish([updateRole('team', { terminating: true }), role('other', ['b/*'])]);
  expect(repository.role('targets').delegations).toMatchObject({
    'x-note': 1,
    roles: [{ name: 'team', terminating: true, 'x-owner': 'us' }, { name: 'other' }],
  });
});
