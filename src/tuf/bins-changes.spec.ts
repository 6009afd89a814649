import type { Change } from './change.js';
import { binsOf } from './hash-bins.js';
import { parseSettings } from './settings.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, remove, setBins, signersOf } from './testing/changes.js';
import {
  ONLINE,
  PEOPLE,
  TARGETS_KEYS,
  withOfflineTargets,
  withOnlineTargets,
} from './testing/delegating-repository.js';
import type { MemoryRepository } from './testing/memory-repository.js';

const PATHS = Array.from({ length: 24 }, (_, number) => `dir/file-${number}`);
const [TARGETS_KEY] = TARGETS_KEYS;

function withArtifacts(repository = withOnlineTargets(parseSettings({ bins: { count: 4 } }))): MemoryRepository {
  repository.publish([add(...PATHS.map((path) => artifact(path)))]);
  return repository;
}

function foundIn(repository: MemoryRepository): string[] {
  return PATHS.map((path) => `${repository.tree.route(path).role}: ${path}`).sort();
}

/** Every artifact is in the role that clients look in, and in no other. */
function expectAllInPlace(repository: MemoryRepository): void {
  expect(repository.placed()).toEqual(foundIn(repository));
}

describe('the number of bins', () => {
  test.each(['succinct', 'classic'] as const)(
    'goes up, down, away and back with every artifact in its place: %s',
    (kind) => {
      const repository = withArtifacts();
      for (const count of [16, 2, null, 8, 256]) {
        const { outcomes } = repository.publish([setBins(count ? { count, kind } : null)]);
        expect(outcomes).toEqual([{ state: 'succeeded' }]);
        expect(binsOf(repository.role('targets').delegations)?.count ?? null).toBe(count);
        expectAllInPlace(repository);
      }
    },
  );

  test('changes in one revision, with what is added and removed in it', () => {
    const repository = withArtifacts();
    const version = repository.published?.timestamp.signed.version ?? 0;
    const [first, second] = PATHS as [string, string];
    repository.publish([
      add(artifact('new')),
      setBins({ count: 16, kind: 'succinct' }),
      remove(first),
      add(artifact(second, 'x')),
    ]);
    expect(repository.published?.timestamp.signed.version).toBe(version + 1);
    expect([repository.found('new') !== null, repository.found(first)]).toEqual([true, null]);
    expect(repository.found(second)?.hashes).toEqual(artifact(second, 'x').hashes);
  });

  test('changes twice in a burst, and back, with nothing lost', () => {
    const repository = withArtifacts();
    const changes = [16, 2, 16].map((count): Change => setBins({ count, kind: 'succinct' }));
    expect(repository.publish(changes).outcomes.map(({ state }) => state)).toEqual(changes.map(() => 'succeeded'));
    expectAllInPlace(repository);
  });

  test('obligation 15: leaves the entries of bins that go in snapshot, and their versions go on when they come back', () => {
    const repository = withArtifacts(withOnlineTargets(parseSettings({ bins: { count: 16 } })));
    const before = repository.published?.snapshot.signed.meta.get('bins-f.json');
    repository.publish([setBins({ count: 2, kind: 'succinct' })]);
    expect(repository.published?.snapshot.signed.meta.get('bins-f.json')).toEqual(before);
    repository.publish([setBins({ count: 16, kind: 'succinct' })]);
    expect(repository.role('bins-f').version).toBe((before?.version ?? 0) + 1);
    expectAllInPlace(repository);
  });

  test('stays while only their kind changes: no bin is signed again', () => {
    const repository = withArtifacts();
    const { revision } = repository.publish([setBins({ count: 4, kind: 'classic' })]);
    expect(revision?.targetsRoles.map(({ role }) => role)).toEqual(['targets']);
    expectAllInPlace(repository);
  });

  test('is kept with other keys, which sign every bin', () => {
    const repository = withArtifacts();
    const bins = { count: 4, kind: 'succinct' } as const;
    const { revision } = repository.publish([setBins(bins, { signers: signersOf([ONLINE[1]]) })]);
    const signers = revision?.targetsRoles
      .filter(({ role }) => role !== 'targets')
      .map(({ metadata }) => metadata.signatures[0]?.keyid);
    expect(signers).toEqual(Array(4).fill(ONLINE[1].keyId));
    expectAllInPlace(repository);
  });

  test('is remembered for what targets delegates from the start', () => {
    const repository = withArtifacts();
    repository.publish([setBins(null)]);
    expect(repository.settings).toMatchObject({ bins: null, targetsListsArtifacts: true });
  });

  test.each([
    [
      'made for an earlier state',
      setBins({ count: 8, kind: 'succinct' }, { ifMatch: 'earlier' }),
      'precondition-failed',
    ],
    ['of a role that there is not', setBins({ count: 8, kind: 'succinct' }, { of: 'stranger' }), 'role-unknown'],
  ])('does not change when the change is %s', (_name, change, code) => {
    expect(withArtifacts().publish([change]).outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
  });

  test('does not change from what two artifacts could not share a role in', () => {
    const repository = withArtifacts();
    const [first, second] = pairInTwoBins(repository);
    repository.publish([add(artifact(first), artifact(second))]);
    const { outcomes, plan } = repository.publish([setBins(null)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'artifact-path-ambiguous' } }]);
    expect(plan.content).toBeNull();
  });
});

/** Two paths that tough sorts differently, in different bins. */
function pairInTwoBins({ tree }: MemoryRepository): [string, string] {
  for (let number = 0; ; number += 1) {
    const [first, second] = [`f${number}`, `f${number} b`];
    if (tree.route(first).role !== tree.route(second).role) return [first, second];
  }
}

describe('the bins of a role of people', () => {
  test('take effect when the role is signed, and take what it listed over', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ name: 'team', paths: ['dir/*'], keys: [PEOPLE[0]] })]);
    repository.signEvent('team', PEOPLE[0]);
    repository.publish([add(...PATHS.map((path) => artifact(path)))]);
    repository.signEvent('team', PEOPLE[0]);
    repository.publish([setBins({ count: 4, kind: 'succinct' }, { of: 'team', signers: signersOf([ONLINE[0]]) })]);
    expect(repository.placed()).toHaveLength(PATHS.length);
    repository.signEvent('team', PEOPLE[0]);
    expectAllInPlace(repository);
    const { outcomes } = repository.publish([add(artifact('dir/new'))]);
    expect(outcomes).toMatchObject([{ artifacts: [{ result: 'added' }] }]);
  });

  test('may change while others wait, and only the last change counts', () => {
    const repository = withArtifacts(withOfflineTargets());
    repository.signEvent('targets', TARGETS_KEY);
    for (const count of [4, 16, 2]) repository.publish([setBins({ count, kind: 'classic' })]);
    expect(repository.openEvents).toHaveLength(1);
    repository.signEvent('targets', TARGETS_KEY);
    expect(binsOf(repository.role('targets').delegations)?.count).toBe(2);
    expectAllInPlace(repository);
  });
});
