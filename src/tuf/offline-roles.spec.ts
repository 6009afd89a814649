import type { Change } from './change.js';
import type { RoleName } from './role-name.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, patterns, remove, removeRole, setBins, signersOf, updateRole } from './testing/changes.js';
import {
  NO_BINS,
  ONLINE,
  PEOPLE,
  ROOT_KEY,
  TARGETS_KEYS,
  withOfflineTargets,
  withOnlineTargets,
} from './testing/delegating-repository.js';
import { type KeyPair, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { rootOf } from './testing/roots.js';

const [ALICE, BOB, CAROL] = PEOPLE;
const [TARGETS_KEY, OTHER_TARGETS_KEY] = TARGETS_KEYS;

const team = (fields: Partial<Parameters<typeof addRole>[0]> = {}) =>
  addRole({ name: 'team', paths: ['a/*'], keys: [ALICE], ...fields });

function listed(repository: MemoryRepository, ...paths: string[]): MemoryRepository {
  repository.publish([add(...paths.map((path) => artifact(path)))]);
  return repository;
}

function waiting(repository: MemoryRepository): string[] {
  return repository.openEvents.map(({ role }) => role).sort();
}

const contentOf = (path: string, content: string) => artifact(path, content).hashes;

describe('a role of people under targets that the service signs', () => {
  test('waits with what it will list, and nothing changes for clients', () => {
    const repository = listed(withOnlineTargets(), 'a/1', 'b');
    const { outcomes, revision } = repository.publish([team()]);
    const event = repository.eventOf('team');
    expect(outcomes).toEqual([{ state: 'succeeded', signingEvent: event.id, missingSignatures: 1 }]);
    expect(revision).toBeNull();
    expect(event).toMatchObject({ metadata: { signed: { version: 1, targets: { 'a/1': {} } } } });
    expect(repository.tree.has('team' as RoleName)).toBe(false);
  });

  test('is published together with the delegation to it', () => {
    const repository = listed(withOnlineTargets(), 'a/1', 'b');
    repository.publish([team()]);
    const { revision } = repository.signEvent('team', ALICE);
    expect(revision?.targetsRoles.map(({ role }) => role)).toEqual(['team', 'targets']);
    expect(repository.placed()).toEqual(['targets: b', 'team: a/1']);
    expect(waiting(repository)).toEqual([]);
  });

  test.each<[string, Change, string | null]>([
    ['added', add(artifact('a/2')), 'a/2'],
    ['replaced', add(artifact('a/1', 'new')), 'new'],
    ['removed', remove('a/1'), null],
  ])(
    'follows an artifact that is %s while it waits: clients find the new state before and after',
    (_name, change, content) => {
      const repository = listed(withOnlineTargets(), 'a/1');
      repository.publish([team({ terminating: true })]);
      const before = repository.eventOf('team').id;
      const { outcomes, plan } = repository.publish([change]);
      expect(outcomes).toMatchObject([
        { artifacts: [{ result: expect.stringMatching(/^(added|replaced|removed)$/) }] },
      ]);
      expect(plan.signingEvents).toMatchObject([
        { id: before, state: 'superseded' },
        { role: 'team', state: 'open' },
      ]);
      const path = content === 'a/2' ? 'a/2' : 'a/1';
      const expected = content === null ? undefined : contentOf(path, content);
      expect(repository.found(path)?.hashes).toEqual(expected);
      repository.signEvent('team', ALICE);
      expect(repository.found(path)?.hashes).toEqual(expected);
    },
  );

  test('takes what targets may not list, and clients find it once it is signed', () => {
    const repository = withOnlineTargets();
    repository.publish([
      { kind: 'update-settings', settings: { targetsListsArtifacts: false }, ifMatch: null },
      team(),
    ]);
    const { outcomes } = repository.publish([add(artifact('a/1'), artifact('b'))]);
    expect(outcomes).toMatchObject([
      {
        state: 'partly-refused',
        artifacts: [{ result: 'awaiting-signatures' }, { code: 'artifact-path-not-delegated' }],
      },
    ]);
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test('that is terminating hides nothing that another one lists', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ name: 'other', paths: ['a/*'], keys: [ONLINE[0]] })]);
    repository.publish([team({ terminating: true, position: 0 })]);
    repository.publish([add(artifact('a/1'))]);
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test('keeps its place though another one is signed first', () => {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team({ terminating: true })]);
    repository.publish([addRole({ name: 'other', paths: ['a/*'], keys: [BOB], terminating: true })]);
    repository.publish([add(artifact('a/1', 'new'))]);
    repository.signEvent('other', BOB);
    expect(repository.found('a/1')?.hashes).toEqual(contentOf('a/1', 'new'));
    repository.signEvent('team', ALICE);
    expect(repository.found('a/1')?.hashes).toEqual(contentOf('a/1', 'new'));
    expect(waiting(repository)).toEqual([]);
  });

  test('is not needed any more when it is removed while it waits', () => {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team()]);
    const { plan } = repository.publish([removeRole('team', 'remove')]);
    expect(plan).toMatchObject({ content: null, signingEvents: [{ role: 'team', state: 'withdrawn' }] });
    expect(repository.placed()).toEqual(['targets: a/1']);
  });
});

describe('a role of people, once it is published,', () => {
  function published(keys: readonly KeyPair[] = [ALICE], threshold = 1): MemoryRepository {
    const repository = listed(withOnlineTargets(), 'a/1', 'b');
    repository.publish([team({ keys, threshold })]);
    repository.signEvent('team', ...keys.slice(0, threshold));
    return repository;
  }

  test('has each change of what it lists signed; the published version stays until then', () => {
    const repository = published();
    const { outcomes } = repository.publish([add(artifact('a/2'))]);
    expect(outcomes).toMatchObject([{ artifacts: [{ result: 'awaiting-signatures' }], missingSignatures: 1 }]);
    expect(repository.found('a/2')).toBeNull();
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['targets: b', 'team: a/1', 'team: a/2']);
  });

  test('answers the same for what waits already, or is visible already', () => {
    const repository = published();
    repository.publish([add(artifact('a/2'))]);
    const { outcomes, plan } = repository.publish([add(artifact('a/2'), artifact('a/1'))]);
    expect(outcomes).toMatchObject([{ artifacts: [{ result: 'awaiting-signatures' }, { result: 'unchanged' }] }]);
    expect(outcomes[0]?.signingEvent).toBe(repository.eventOf('team').id);
    expect(plan.content).toBeNull();
  });

  test('answers a removal that waits already', () => {
    const repository = published();
    repository.publish([remove('a/1')]);
    expect(repository.publish([remove('a/1')]).outcomes).toMatchObject([
      { artifacts: [{ result: 'awaiting-signatures' }], signingEvent: repository.eventOf('team').id },
    ]);
    repository.signEvent('team', ALICE);
    expect(repository.publish([remove('a/1')]).outcomes).toMatchObject([{ artifacts: [{ code: 'artifact-unknown' }] }]);
  });

  test('has a burst of changes in one event', () => {
    const repository = published();
    repository.publish([add(artifact('a/2')), add(artifact('a/3')), remove('a/1'), add(artifact('c'))]);
    expect(repository.openEvents).toHaveLength(1);
    expect(Object.keys((repository.eventOf('team').metadata.signed as { targets: object }).targets)).toEqual([
      'a/2',
      'a/3',
    ]);
    expect(repository.found('c')).not.toBeNull();
  });

  test.each<[string, readonly KeyPair[], number, readonly KeyPair[]]>([
    ['another key', [BOB], 1, [BOB]],
    ['a higher threshold', [ALICE, BOB], 2, [ALICE, BOB]],
    ['other keys and a lower threshold', [BOB, CAROL], 1, [CAROL]],
  ])('waits, with %s, for a version that the new keys have signed', (_name, keys, threshold, signers) => {
    const repository = published();
    const { outcomes } = repository.publish([updateRole('team', { signers: signersOf(keys, threshold) })]);
    expect(outcomes).toMatchObject([{ state: 'succeeded', missingSignatures: threshold }]);
    expect(repository.tree.keysOf('team' as RoleName)?.keyids).toEqual([ALICE.keyId]);
    repository.signEvent('team', ...signers);
    expect(repository.tree.keysOf('team' as RoleName)?.keyids).toEqual(keys.map(({ keyId }) => keyId));
    expect(repository.role('team').version).toBe(2);
  });

  test('takes a lower threshold at once, when its published version has signatures enough', () => {
    const repository = published([ALICE, BOB], 2);
    const { outcomes, revision } = repository.publish([updateRole('team', { signers: signersOf([ALICE, BOB], 1) })]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(revision?.targetsRoles.map(({ role }) => role)).toEqual(['targets']);
  });

  test('is published when a lower threshold makes what waits complete', () => {
    const repository = published([ALICE, BOB], 2);
    repository.publish([add(artifact('a/2'))]);
    repository.signEvent('team', BOB);
    repository.publish([updateRole('team', { signers: signersOf([ALICE, BOB], 1) })]);
    expect(repository.found('a/2')).not.toBeNull();
    expect(waiting(repository)).toEqual([]);
  });

  test('turns to keys of the service with what waits', () => {
    const repository = published();
    repository.publish([add(artifact('a/2'))]);
    const { plan } = repository.publish([updateRole('team', { signers: signersOf([ONLINE[0]]) })]);
    expect(plan.signingEvents).toMatchObject([
      { role: 'team', state: 'superseded', reason: expect.stringMatching(/service signs/) },
    ]);
    expect(repository.placed()).toEqual(['targets: b', 'team: a/1', 'team: a/2']);
  });

  test('does not turn to keys of the service while people are asked about what it delegates', () => {
    const repository = published();
    repository.publish([addRole({ name: 'sub', paths: ['a/s*'], keys: [ONLINE[0]], under: 'team' })]);
    const { outcomes } = repository.publish([updateRole('team', { signers: signersOf([ONLINE[0]]) })]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'role-edit-invalid' } }]);
  });

  test('keeps an artifact that leaves its paths out of its next version', () => {
    const repository = published();
    repository.publish([updateRole('team', { pathsOrPrefixes: { paths: patterns('z/*') } })]);
    expect(repository.tree.walk('a/1').find((role) => repository.role(role).targets['a/1' as never])).toBe('targets');
    repository.publish([add(artifact('z/1'))]);
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['targets: a/1', 'targets: b', 'team: z/1']);
  });

  test('gives what waits in it to the role that signs for the path from now on', () => {
    const repository = published();
    repository.publish([add(artifact('a/2'), artifact('a/1', 'new'))]);
    repository.publish([updateRole('team', { pathsOrPrefixes: { paths: patterns('z/*') } })]);
    expect(repository.found('a/2')).not.toBeNull();
    expect(repository.found('a/1')?.hashes).toEqual(contentOf('a/1', 'new'));
  });

  test.each(['move', 'remove'] as const)('has its artifacts %s with it', (artifacts) => {
    const repository = published();
    repository.publish([removeRole('team', artifacts)]);
    expect(repository.placed()).toEqual(artifacts === 'move' ? ['targets: a/1', 'targets: b'] : ['targets: b']);
  });

  test('strands nothing: a change after which clients would find an artifact no more is refused', () => {
    const repository = published();
    repository.publish([addRole({ name: 'other', paths: ['a/*'], keys: [BOB] })]);
    repository.signEvent('other', BOB);
    const change = updateRole('other', { position: 0, terminating: true });
    expect(repository.publish([change]).outcomes).toMatchObject([{ refusal: { code: 'artifacts-stranded' } }]);
    expect(repository.found('a/1')).not.toBeNull();
  });
});

describe('a role that people are about to take over from the service', () => {
  function takenOver(): MemoryRepository {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team({ keys: [ONLINE[0]] })]);
    repository.publish([updateRole('team', { signers: signersOf([ALICE]) })]);
    return repository;
  }

  test('is signed by the service until they have signed', () => {
    const repository = takenOver();
    const { outcomes } = repository.publish([add(artifact('a/2'))]);
    expect(outcomes).toMatchObject([{ artifacts: [{ result: 'added' }] }]);
    expect(repository.eventOf('team')).toMatchObject({ metadata: { signed: { version: 3, targets: { 'a/2': {} } } } });
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['team: a/1', 'team: a/2']);
    expect(repository.role('team').version).toBe(3);
  });

  test.each<[string, Change[]]>([
    ['renewed', [{ kind: 'resign', roles: ['team' as RoleName] }]],
    ['due', []],
  ])('waits with the version after one that is %s', (_name, changes) => {
    const repository = takenOver();
    repository.publish(changes, ['team' as RoleName]);
    expect(repository.role('team').version).toBe(2);
    expect(repository.eventOf('team').metadata.signed.version).toBe(3);
    repository.signEvent('team', ALICE);
    expect(repository.role('team').version).toBe(3);
  });

  test('stays with the service when the change is taken back', () => {
    const repository = takenOver();
    const { plan } = repository.publish([updateRole('team', { signers: signersOf([ONLINE[0]]) })]);
    expect(plan.signingEvents).toMatchObject([{ role: 'team', state: 'superseded' }]);
    expect(waiting(repository)).toEqual([]);
  });

  test('gives up artifacts of paths that it is to lose only then', () => {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team({ keys: [ONLINE[0]] })]);
    repository.publish([
      updateRole('team', { signers: signersOf([ALICE]), pathsOrPrefixes: { paths: patterns('z/*') } }),
    ]);
    repository.publish([add(artifact('a/2'))]);
    expect(repository.placed()).toEqual(['team: a/1', 'team: a/2']);
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['targets: a/1', 'targets: a/2']);
  });
});

describe('a threshold of keys of the service and of people', () => {
  test('takes both: the service signs its part by itself', () => {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team({ keys: [ONLINE[0], ALICE], threshold: 2 })]);
    expect(repository.eventOf('team').metadata.signatures.map(({ keyid }) => keyid)).toEqual([ONLINE[0].keyId]);
    repository.signEvent('team', ALICE);
    expect(repository.placed()).toEqual(['team: a/1']);
    expect(repository.published?.delegated.get('team' as RoleName)?.signatures).toHaveLength(2);
  });
});

describe('targets that people sign', () => {
  test('comes with the first root, in any order of signatures', () => {
    const repository = new MemoryRepository({ settings: NO_BINS, online: ONLINE });
    const root = rootOf({ rootKeys: [ROOT_KEY], online: [ONLINE[0]], roles: { targets: [TARGETS_KEY] } });
    const { outcomes } = repository.publish([{ kind: 'set-root', root: signedBy(root, ROOT_KEY) }]);
    expect(outcomes).toMatchObject([{ state: 'succeeded', otherSigningEvents: [repository.eventOf('targets').id] }]);
    expect(repository.published).toBeNull();
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.role('targets').version).toBe(1);
    expect(waiting(repository)).toEqual([]);
  });

  test('delegates to bins that snapshot’s keys sign, from the start', () => {
    const repository = withOfflineTargets({ ...NO_BINS, bins: { count: 4, kind: 'succinct' } });
    expect(repository.role('targets').delegations?.succinct_roles?.keyids).toEqual([ONLINE[0].keyId]);
    expect(repository.publish([add(artifact('a'))]).outcomes).toMatchObject([{ artifacts: [{ result: 'added' }] }]);
  });

  test('has what it lists signed, and the published version stays until then', () => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a'))]);
    expect(repository.placed()).toEqual([]);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['targets: a']);
  });

  test.each([
    ['the role first', ['team', 'targets']],
    ['targets first', ['targets', 'team']],
  ])('takes effect with a role of people when both are signed: %s', (_name, order) => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a/1'))]);
    repository.signEvent('targets', TARGETS_KEY);
    const { outcomes } = repository.publish([team()]);
    expect(outcomes[0]?.otherSigningEvents).toHaveLength(1);
    const keys: Record<string, KeyPair> = { team: ALICE, targets: TARGETS_KEY };
    const revisions = order.map((role) => repository.signEvent(role, keys[role] as KeyPair).revision);
    expect(revisions[0]).toBeNull();
    expect(repository.placed()).toEqual(['team: a/1']);
    expect(waiting(repository)).toEqual([]);
  });

  test.each([
    ['named roles that the service signs', team({ keys: [ONLINE[0]] })],
    ['bins', setBins({ count: 4, kind: 'classic' })],
  ])('hands its artifacts over to %s with one signature', (_name, change) => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a/1'), artifact('a/2'), artifact('a/3'))]);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([change]);
    repository.publish([add(artifact('a/1', 'new'), artifact('a/4')), remove('a/2')]);
    expect(repository.found('a/4')).toBeNull();
    expect(repository.found('a/2')).not.toBeNull();
    repository.signEvent('targets', TARGETS_KEY);
    expect(Object.keys(repository.role('targets').targets)).toEqual([]);
    expect(repository.found('a/1')?.hashes).toEqual(contentOf('a/1', 'new'));
    expect(['a/2', 'a/3', 'a/4'].map((path) => repository.found(path) !== null)).toEqual([false, true, true]);
  });

  test('takes them back when its bins go, and hands nothing over that was taken back while it waited', () => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a/1'))]);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([setBins({ count: 4, kind: 'succinct' })]);
    repository.publish([setBins(null)]);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['targets: a/1']);
  });

  test.each([
    ['move', ['other: a/1', 'other: a/2']],
    ['remove', ['other: a/2']],
  ] as const)('has the artifacts of a role that it drops %s; what is added meanwhile stays', (artifacts, placed) => {
    const repository = withOfflineTargets();
    repository.publish([team({ keys: [ONLINE[0]] }), addRole({ name: 'other', paths: ['a/*'], keys: [ONLINE[0]] })]);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([add(artifact('a/1'))]);
    repository.publish([removeRole('team', artifacts)]);
    repository.publish([add(artifact('a/2'))]);
    expect(repository.placed()).toEqual(['team: a/1', 'team: a/2']);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(placed);
  });

  test('replaces an artifact that a role of people was given later, with one signature', () => {
    const repository = withOfflineTargets();
    repository.publish([team()]);
    repository.signEvent('team', ALICE);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([add(artifact('a/1'))]);
    expect(waiting(repository)).toEqual(['team']);
  });
});

describe('a root that changes who signs targets', () => {
  const nextRoot = (targets: readonly KeyPair[], signers = [ROOT_KEY]): Change => {
    const root = rootOf({ rootKeys: [ROOT_KEY], online: [ONLINE[0]], roles: { targets } });
    return { kind: 'set-root', root: signedBy({ ...root, version: 2, expires: '2027-06-01T00:00:00Z' }, ...signers) };
  };

  test('waits for a version that the new people have signed', () => {
    const repository = withOfflineTargets();
    repository.publish([nextRoot([OTHER_TARGETS_KEY])]);
    expect(repository.published?.root.signed.version).toBe(1);
    repository.signEvent('targets', OTHER_TARGETS_KEY);
    expect(repository.published?.root.signed.version).toBe(2);
    expect(repository.role('targets').version).toBe(2);
  });

  test('has the service go on with targets until people take it over', () => {
    const repository = withOnlineTargets();
    repository.publish([nextRoot([TARGETS_KEY])]);
    repository.publish([add(artifact('a/1')), team()]);
    repository.publish([team({ name: 'online', paths: ['b/*'], keys: [ONLINE[0]] })]);
    expect(repository.tree.has('online' as RoleName)).toBe(true);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['targets: a/1']);
    expect(repository.tree.has('online' as RoleName)).toBe(true);
  });

  test('has people sign the delegation that the service would have signed', () => {
    const repository = listed(withOnlineTargets(), 'a/1');
    repository.publish([team()]);
    repository.publish([nextRoot([TARGETS_KEY])]);
    repository.signEvent('targets', TARGETS_KEY);
    expect(waiting(repository)).toEqual(['targets', 'team']);
    repository.signEvent('team', ALICE);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['team: a/1']);
    expect(waiting(repository)).toEqual([]);
  });

  test('gives targets to the service with what waits', () => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a/1'))]);
    repository.publish([nextRoot([ONLINE[0]])]);
    expect(repository.placed()).toEqual(['targets: a/1']);
    expect(waiting(repository)).toEqual([]);
  });

  test('waits, if it gives targets to the service, for delegations that people are asked to sign', () => {
    const repository = withOfflineTargets();
    repository.publish([team({ keys: [ONLINE[0]] })]);
    repository.publish([nextRoot([ONLINE[0]])]);
    expect(repository.published?.root.signed.version).toBe(1);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([]);
    expect(repository.published?.root.signed.version).toBe(2);
    expect(waiting(repository)).toEqual([]);
  });

  test('leaves what waits in targets to those who sign it, when it is replaced', () => {
    const repository = withOfflineTargets();
    repository.publish([nextRoot([OTHER_TARGETS_KEY], [])]);
    repository.publish([add(artifact('a/1'))]);
    repository.publish([nextRoot([TARGETS_KEY], [])]);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['targets: a/1']);
  });
});
