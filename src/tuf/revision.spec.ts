import type { Artifact, ArtifactPath } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import type { Change } from './change.js';
import { roleForPath } from './delegation.js';
import type { Root, SignedMetadata, Targets } from './metadata.js';
import { rolesNeeded } from './metadata-needed.js';
import { type PublishedMetadata, publishedTree, type RevisionContext } from './repository-state.js';
import { nextRevision, signersOf } from './revision.js';
import { parseRoleName, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { parseSettings } from './settings.js';
import { runToEnd } from './steps.js';
import { artifact } from './testing/artifacts.js';
import { type KeyPair, newKeyPair, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { refusalOf } from './testing/refusals.js';
import { NOW, rootOf, secondsAfter } from './testing/roots.js';

const DAY = 86_400;
const BINS = ['bins-0', 'bins-1', 'bins-2', 'bins-3'] as RoleName[];
const [FIRST, SECOND, STRANGER] = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];

const add = (...artifacts: Artifact[]): Change => ({ kind: 'add-artifacts', artifacts });
const remove = (...paths: string[]): Change => ({ kind: 'remove-artifacts', paths: paths as ArtifactPath[] });
const resign = (...roles: string[]): Change => ({ kind: 'resign', roles: roles as RoleName[] });
const setRoot = (root: SignedMetadata<Root>): Change => ({ kind: 'set-root', root });
const addSignature = (signingEvent: string, root: Root, signer: KeyPair): Change => ({
  kind: 'add-signature',
  signingEvent,
  signature: signatureBy(signer, root),
});

function context({ online }: MemoryRepository): Omit<RevisionContext, 'due'> {
  return { now: NOW, onlineKeys: new Set(online.map(({ keyId }) => keyId)), newEventId: () => 'event' };
}

/** A path that belongs to a bin, other than those in `not`. */
function pathIn(bin: string, repository: MemoryRepository, not: readonly string[] = []): string {
  const delegations = repository.role(TARGETS).delegations;
  for (let number = 0; ; number += 1) {
    const path = `file-${number}`;
    if (roleForPath(delegations, path) === bin && !not.includes(path)) return path;
  }
}

function versions({ published }: MemoryRepository): Record<string, number> {
  const { snapshot, timestamp } = published ?? {};
  const listed = [...(snapshot?.signed.meta ?? [])].map(([name, { version }]) => [name, version]);
  return Object.fromEntries([
    ...listed,
    ['snapshot', snapshot?.signed.version],
    ['timestamp', timestamp?.signed.version],
  ]);
}

describe('the first revision', () => {
  test('creates targets, every bin, snapshot and timestamp at version 1', () => {
    const repository = MemoryRepository.ready();
    expect(versions(repository)).toEqual({
      'bins-0.json': 1,
      'bins-1.json': 1,
      'bins-2.json': 1,
      'bins-3.json': 1,
      'targets.json': 1,
      snapshot: 1,
      timestamp: 1,
    });
    expect(repository.role(TARGETS)).toMatchObject({ targets: {}, expires: '2027-03-01T12:00:00Z' });
    expect(repository.role('bins-0').targets).toEqual({});
  });

  test.each(['succinct', 'classic'] as const)('delegates to %s bins with the online keys of targets', (kind) => {
    const settings = parseSettings({ bins: { count: 4, kind } });
    const repository = new MemoryRepository({ settings });
    const root = rootOf({
      rootKeys: [FIRST],
      online: repository.online,
      roles: { targets: [...repository.online, SECOND] },
    });
    repository.publish([setRoot(signedBy(root, FIRST))]);
    const { delegations } = repository.role(TARGETS);
    const keyids = repository.online.map(({ keyId }) => keyId);
    expect(Object.keys(delegations?.keys ?? {})).toEqual(keyids);
    expect(repository.bins()).toEqual(BINS);
    for (const { signed } of repository.published?.delegated.values() ?? []) expect(signed.delegations).toBeUndefined();
    expect(delegations?.succinct_roles ?? delegations?.roles?.[0]).toMatchObject({ keyids, threshold: 1 });
  });

  test('may list artifacts that were waiting behind the root', () => {
    const repository = new MemoryRepository();
    const root = rootOf({ rootKeys: [FIRST], online: repository.online });
    const { outcomes } = repository.publish([setRoot(signedBy(root, FIRST)), add(artifact('a')), resign()]);
    expect(outcomes.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect([...repository.listed().keys()]).toEqual(['a']);
    expect(new Set(Object.values(versions(repository)))).toEqual(new Set([1]));
  });

  test('obligation 17: the bins fall due at different moments', () => {
    const repository = MemoryRepository.ready({ settings: parseSettings({ bins: { count: 16 } }) });
    const expiries = repository.bins().map((bin) => repository.role(bin).expires);
    expect(new Set(expiries).size).toBeGreaterThan(14);
  });

  test('changes ahead of the root are refused', () => {
    const { outcomes, plan } = new MemoryRepository().publish([add(artifact('a')), remove('a'), resign()]);
    expect(plan.content).toBeNull();
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ state: 'refused', refusal: { code: 'repository-not-ready' } });
    }
  });

  test('nothing is due in a repository without a root', () => {
    expect(new MemoryRepository().publish([], [TIMESTAMP]).plan.content).toBeNull();
  });
});

describe('a root that awaits signatures', () => {
  const online = [newKeyPair()];
  const root = rootOf({ rootKeys: [FIRST, SECOND], threshold: 2, online });

  function awaiting(): { repository: MemoryRepository; event: string } {
    const repository = new MemoryRepository({ online });
    const { outcomes } = repository.publish([setRoot(signedBy(root, FIRST))]);
    return { repository, event: outcomes[0]?.signingEvent ?? '' };
  }

  test('opens a signing event and publishes nothing', () => {
    const repository = new MemoryRepository({ online });
    const { outcomes, plan } = repository.publish([setRoot(signedBy(root, FIRST))]);
    expect(outcomes).toEqual([{ state: 'succeeded', signingEvent: 'task-1', missingSignatures: 1 }]);
    expect(plan.signingEvents).toEqual([
      {
        id: 'task-1',
        role: 'root',
        state: 'open',
        metadata: signedBy(root, FIRST),
        signers: null,
        pending: null,
        consequences: null,
        reason: null,
      },
    ]);
    expect(plan.content).toBeNull();
  });

  test('is published with the signature that was missing', () => {
    const { repository, event } = awaiting();
    const { outcomes, plan, revision } = repository.publish([addSignature(event, root, SECOND)]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(plan.signingEvents).toMatchObject([{ id: event, state: 'completed' }]);
    expect(revision?.root?.metadata.signatures.map(({ keyid }) => keyid)).toEqual([FIRST.keyId, SECOND.keyId]);
    expect(repository.openEvents).toEqual([]);
  });

  test('may be set and signed in one burst', () => {
    const repository = new MemoryRepository({ online });
    const { outcomes, revision } = repository.publish([
      setRoot(signedBy(root, FIRST)),
      addSignature('task-1', root, SECOND),
    ]);
    expect(outcomes).toEqual([{ state: 'succeeded' }, { state: 'succeeded' }]);
    expect(revision?.root?.metadata.signatures).toHaveLength(2);
  });

  test('counts down to the threshold', () => {
    const [third] = newKeyPairs(1) as [KeyPair];
    const three = rootOf({ rootKeys: [FIRST, SECOND, third], threshold: 3, online });
    const repository = new MemoryRepository({ online });
    repository.publish([setRoot(signedBy(three, FIRST))]);
    const first = repository.publish([addSignature('task-1', three, third)]);
    expect(first.outcomes).toEqual([{ state: 'succeeded', signingEvent: 'task-1', missingSignatures: 1 }]);
    expect(repository.publish([addSignature('task-1', three, SECOND)]).outcomes).toEqual([{ state: 'succeeded' }]);
  });

  test.each([
    ['a stranger', (event: string) => addSignature(event, root, STRANGER), 'signature-foreign'],
    ['a key of another role', (event: string) => addSignature(event, root, online[0] as KeyPair), 'signature-foreign'],
    ['the key that signed already', (event: string) => addSignature(event, root, FIRST), 'signature-repeated'],
    [
      'a root key over other content',
      (event: string) => addSignature(event, { ...root, version: 2 }, SECOND),
      'signature-invalid',
    ],
    ['a root key for another event', () => addSignature('another', root, SECOND), 'signing-event-closed'],
  ])('refuses a signature of %s, and goes on waiting', (_name, change, code) => {
    const { repository, event } = awaiting();
    const { outcomes, plan } = repository.publish([change(event)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(plan).toMatchObject({ signingEvents: [], content: null });
    expect(repository.publish([addSignature(event, root, SECOND)]).revision).not.toBeNull();
  });

  test('takes no signature once it is published', () => {
    const { repository, event } = awaiting();
    const change = addSignature(event, root, SECOND);
    expect(repository.publish([change, change]).outcomes).toMatchObject([{ state: 'succeeded' }]);
    expect(repository.publish([change]).outcomes).toMatchObject([{ refusal: { code: 'signing-event-closed' } }]);
    expect(repository.publish([change]).outcomes).toMatchObject([{ refusal: { code: 'signing-event-closed' } }]);
  });

  test('is refused its last signature once it has expired', () => {
    const { repository, event } = awaiting();
    repository.now = secondsAfter(NOW, 366 * DAY);
    const { outcomes } = repository.publish([addSignature(event, root, SECOND)]);
    expect(outcomes).toMatchObject([{ refusal: { code: 'metadata-expired' } }]);
  });

  test('is refused its last signature once the service has lost the online keys', () => {
    const { repository, event } = awaiting();
    const waiting = new MemoryRepository({ online: [newKeyPair()] });
    waiting.openEvents = repository.openEvents;
    const { outcomes, plan } = waiting.plan([addSignature(event, root, SECOND)]);
    expect(outcomes).toMatchObject([{ refusal: { code: 'online-key-missing' } }]);
    expect(plan.content).toBeNull();
  });

  test('gives way to a root that is published first, and leaves what that one lists', () => {
    const { repository, event } = awaiting();
    const other = rootOf({ rootKeys: [STRANGER], online });
    repository.publish([setRoot(signedBy(other, STRANGER)), add(artifact('a'))]);
    const { outcomes, plan } = repository.plan([addSignature(event, root, SECOND)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'signing-event-closed' } }]);
    expect(plan.content).toBeNull();
    expect([...repository.listed().keys()]).toEqual(['a']);
  });

  test('gives way to a root that is published first in the same burst', () => {
    const { repository, event } = awaiting();
    const other = rootOf({ rootKeys: [STRANGER], online });
    const { outcomes, plan, revision } = repository.publish([
      setRoot(signedBy(other, STRANGER)),
      addSignature(event, root, SECOND),
    ]);
    expect(outcomes).toMatchObject([{ state: 'succeeded' }]); // the signature waits for the next revision
    expect(plan.signingEvents).toMatchObject([{ id: event, state: 'superseded' }]);
    expect(revision?.root?.metadata.signed).toEqual(other);
    expect(repository.publish([addSignature(event, root, SECOND)]).outcomes).toMatchObject([{ state: 'refused' }]);
  });
});

describe('a first root is refused', () => {
  const online = [newKeyPair()];
  const root = rootOf({ rootKeys: [FIRST], online });

  test.each([
    ['of version 2', signedBy({ ...root, version: 2 }, FIRST), 'metadata-version-wrong'],
    ['that has expired', signedBy({ ...root, expires: '2026-01-01T00:00:00Z' }, FIRST), 'metadata-expired'],
    ['without signatures', signedBy(root), 'signatures-missing'],
    [
      'whose timestamp role is not online',
      signedBy(rootOf({ rootKeys: [FIRST], online, roles: { timestamp: [SECOND] } }), FIRST),
      'online-key-missing',
    ],
  ])('%s', (_name, given, code) => {
    const { outcomes, plan } = new MemoryRepository({ online }).publish([setRoot(given)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [] });
  });

  test('where there is one already', () => {
    const repository = MemoryRepository.ready({ online });
    const { outcomes, plan } = repository.publish([setRoot(signedBy(root, FIRST))]);
    expect(outcomes).toMatchObject([{ refusal: { code: 'metadata-version-wrong' } }]);
    expect(plan.content).toBeNull();
  });

  test('as the second of one burst, in the revision after', () => {
    const repository = new MemoryRepository({ online });
    const change = setRoot(signedBy(root, FIRST));
    expect(repository.publish([change, change]).outcomes).toMatchObject([{ state: 'succeeded' }]);
    expect(repository.publish([change]).outcomes).toMatchObject([{ refusal: { code: 'metadata-version-wrong' } }]);
  });
});

describe('artifacts', () => {
  test('are added, replaced, left unchanged and removed, with an outcome for each', () => {
    const repository = MemoryRepository.ready();
    expect(repository.publish([add(artifact('a'), artifact('b'))]).outcomes).toEqual([
      {
        state: 'succeeded',
        artifacts: [
          { path: 'a', result: 'added' },
          { path: 'b', result: 'added' },
        ],
      },
    ]);
    const { outcomes } = repository.publish([add(artifact('a', 'new'), artifact('b')), remove('b')]);
    expect(outcomes.map(({ artifacts }) => artifacts)).toEqual([
      [
        { path: 'a', result: 'replaced' },
        { path: 'b', result: 'unchanged' },
      ],
      [{ path: 'b', result: 'removed' }],
    ]);
    expect([...repository.listed()]).toEqual([['a', { length: 3, hashes: artifact('a', 'new').hashes }]]);
  });

  test('obligation 9: custom is kept as given', () => {
    const repository = MemoryRepository.ready();
    const custom = { z: [1, null, { y: 'é' }], a: true };
    repository.publish([add(artifact('a', 'a', custom))]);
    expect(repository.listed().get('a')?.custom).toEqual(custom);
  });

  test('only the roles concerned have a new version', () => {
    const repository = MemoryRepository.ready();
    const before = versions(repository);
    repository.publish([add(artifact(pathIn('bins-2', repository)))]);
    expect(versions(repository)).toEqual({ ...before, 'bins-2.json': 2, snapshot: 2, timestamp: 2 });
  });

  test('a burst costs one revision, whatever is in it', () => {
    const repository = MemoryRepository.ready();
    repository.publish(Array.from({ length: 50 }, (_, number) => add(artifact(`file-${number}`))));
    expect(new Set(Object.values(versions(repository)))).toEqual(new Set([1, 2]));
    expect(repository.listed().size).toBe(50);
  });

  test('obligation 8: a new version has its own expiry and number, and keeps what the role listed', () => {
    const repository = MemoryRepository.ready();
    const [first, second] = ['bins-1', 'bins-1'].map((bin, index) =>
      pathIn(bin, repository, index === 0 ? [] : [pathIn(bin, repository)]),
    ) as [string, string];
    repository.publish([add(artifact(second))]);
    const { expires } = repository.role('bins-1');
    repository.now = secondsAfter(NOW, DAY);
    repository.publish([add(artifact(first))]);
    expect(repository.role('bins-1').version).toBe(3);
    expect(repository.role('bins-1').expires).not.toBe(expires);
    expect(Object.keys(repository.role('bins-1').targets)).toEqual([first, second].sort());
  });

  test('nothing changes, and nothing is published, when all are as they were', () => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a', 'a', { x: 1, y: 2 }))]);
    const { outcomes, plan } = repository.publish([add(artifact('a', 'a', { y: 2, x: 1 }))]);
    expect(outcomes).toMatchObject([{ state: 'succeeded', artifacts: [{ result: 'unchanged' }] }]);
    expect(plan.content).toBeNull();
  });

  test('one added and removed in one burst leaves no trace', () => {
    const repository = MemoryRepository.ready();
    const { outcomes, plan } = repository.publish([add(artifact('a')), remove('a')]);
    expect(outcomes.map(({ artifacts }) => artifacts?.[0]?.result)).toEqual(['added', 'removed']);
    expect(plan.content).toBeNull();
  });

  test('one removed and added again as it was leaves no trace', () => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a'))]);
    const { outcomes, plan } = repository.publish([remove('a'), add(artifact('a'))]);
    expect(outcomes.map(({ artifacts }) => artifacts?.[0]?.result)).toEqual(['removed', 'added']);
    expect(plan.content).toBeNull();
  });

  test('the last word on a path counts', () => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a'))]);
    const { plan } = repository.publish([remove('a'), add(artifact('a', 'one')), add(artifact('a', 'two'))]);
    expect(plan.content?.artifactEdits).toMatchObject([{ path: 'a', after: { hashes: artifact('a', 'two').hashes } }]);
    expect(repository.listed().get('a')?.hashes).toEqual(artifact('a', 'two').hashes);
  });

  test('one given twice in one change is added and replaced', () => {
    const { outcomes } = MemoryRepository.ready().publish([add(artifact('a'), artifact('a', 'b'))]);
    expect(outcomes[0]?.artifacts?.map(({ result }) => result)).toEqual(['added', 'replaced']);
  });

  test.each([
    ['all of its paths are unknown', remove('x', 'y'), 'refused', ['refused', 'refused']],
    ['some of its paths are unknown', remove('x', 'a'), 'partly-refused', ['refused', 'removed']],
    ['it names a path twice', remove('a', 'a'), 'partly-refused', ['removed', 'refused']],
  ])('a removal answers for each path when %s', (_name, change, state, results) => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a'))]);
    const { outcomes } = repository.publish([change]);
    expect(outcomes[0]?.state).toBe(state);
    expect(outcomes[0]?.artifacts?.map(({ result }) => result)).toEqual(results);
    expect(repository.listed().has('a')).toBe(!results.includes('removed'));
  });

  test('names that objects inherit are unknown until they are listed', () => {
    const { outcomes } = MemoryRepository.ready().publish([remove('constructor', 'toString', '__proto__')]);
    expect(outcomes[0]?.artifacts?.map(({ result }) => result)).toEqual(['refused', 'refused', 'refused']);
  });

  test('obligation 1: unknown fields of a role are preserved', () => {
    const repository = MemoryRepository.ready();
    const bin = 'bins-2' as RoleName;
    const path = pathIn(bin, repository);
    const { state } = repository.plan([add(artifact(path))]);
    const role = { ...repository.role(bin), 'x-note': { kept: true } } as Targets;
    const delegated = new Map([[bin, { signatures: [], signed: role }]]);
    const published = state.published && { ...state.published, delegated };
    const requested = [{ id: 'task', change: add(artifact(path)) }];
    const { content } = nextRevision({ ...state, published }, requested, { ...context(repository), due: [] });
    expect(content?.targetsRoles.get(bin)).toMatchObject({ 'x-note': { kept: true }, version: 2 });
  });
});

describe('paths that clients would sort differently', () => {
  const bins = parseSettings({ bins: { count: 2 } });

  /** Two paths of one bin, of which the second is the first and " b": tough sorts it ahead. */
  function pair(repository: MemoryRepository): [string, string] {
    for (let number = 0; ; number += 1) {
      const [first, second] = [`f${number}`, `f${number} b`];
      const { delegations } = repository.role(TARGETS);
      if (roleForPath(delegations, first) === roleForPath(delegations, second)) return [first, second];
    }
  }

  test.each([
    ['the first', 0],
    ['the second', 1],
  ] as const)('the one that comes later is refused: %s of the pair is listed', (_name, listed) => {
    const repository = MemoryRepository.ready({ settings: bins });
    const paths = pair(repository);
    const other = paths[1 - listed] as string;
    repository.publish([add(artifact(paths[listed]))]);
    const { outcomes, plan } = repository.publish([add(artifact(other))]);
    expect(outcomes[0]?.artifacts).toMatchObject([{ path: other, result: 'refused', code: 'artifact-path-ambiguous' }]);
    expect(plan.content).toBeNull();
  });

  test('of two that are added together one is refused', () => {
    const repository = MemoryRepository.ready({ settings: bins });
    const { outcomes } = repository.publish([add(...pair(repository).map((path) => artifact(path)))]);
    expect(outcomes[0]).toMatchObject({ state: 'partly-refused' });
    expect(repository.listed().size).toBe(1);
  });

  test('the one that is listed may be replaced in the burst that is refused the other', () => {
    const repository = MemoryRepository.ready({ settings: bins });
    const [first, second] = pair(repository);
    repository.publish([add(artifact(second))]);
    const { outcomes } = repository.publish([add(artifact(second, 'new')), add(artifact(first))]);
    expect(outcomes.map(({ artifacts }) => artifacts?.[0]?.result)).toEqual(['replaced', 'refused']);
  });

  test('a path takes the place of the other that is removed in the same burst', () => {
    const repository = MemoryRepository.ready({ settings: bins });
    const [first, second] = pair(repository);
    repository.publish([add(artifact(first))]);
    const { outcomes } = repository.publish([remove(first), add(artifact(second))]);
    expect(outcomes.map(({ artifacts }) => artifacts?.[0]?.result)).toEqual(['removed', 'added']);
    expect([...repository.listed().keys()]).toEqual([second]);
  });

  test('two that are listed already do not keep the revision from coming to an end', () => {
    const repository = MemoryRepository.ready({ settings: bins });
    const paths = pair(repository);
    const bin = roleForPath(repository.role(TARGETS).delegations, paths[0]) as RoleName;
    const third = pathIn(bin, repository);
    const role: Targets = {
      ...repository.role(bin),
      targets: Object.fromEntries(paths.map((path) => [path, { length: 0, hashes: { sha256: 'a'.repeat(64) } }])),
    };
    const { state } = repository.plan([add(artifact(third))]);
    const delegated = new Map([[bin, { signatures: [], signed: role }]]);
    const published = state.published && { ...state.published, delegated };
    let rounds = 0;
    const counting = {
      ...context(repository),
      get due(): RoleName[] {
        rounds += 1;
        if (rounds > 100) throw new Error('it does not come to an end');
        return [];
      },
    };
    const { outcomes } = nextRevision(
      { ...state, published },
      [{ id: 'task', change: add(artifact(third)) }],
      counting,
    );
    expect(outcomes.get('task')).toMatchObject({ state: 'succeeded' });
  });
});

describe('renewals', () => {
  test.each<[name: string, due: RoleName[], raised: string[]]>([
    ['timestamp alone', [TIMESTAMP], ['timestamp']],
    ['snapshot', [SNAPSHOT], ['snapshot', 'timestamp']],
    ['targets', [TARGETS], ['targets.json', 'snapshot', 'timestamp']],
    ['a bin', ['bins-3' as RoleName], ['bins-3.json', 'snapshot', 'timestamp']],
    ['a role that is named twice', [TIMESTAMP, TIMESTAMP], ['timestamp']],
  ])('obligation 15: of %s raise it and whatever refers to it', (_name, due, raised) => {
    const repository = MemoryRepository.ready();
    const before = versions(repository);
    repository.now = secondsAfter(NOW, 3_600);
    repository.publish([], due);
    const after = versions(repository);
    expect(
      Object.keys(after)
        .filter((name) => after[name] !== before[name])
        .sort(),
    ).toEqual(raised.sort());
    for (const name of raised) expect(after[name]).toBe((before[name] ?? 0) + 1);
  });

  test('obligation 17: put the expiry off', () => {
    const repository = MemoryRepository.ready();
    repository.now = secondsAfter(NOW, (20 * DAY) / DAY);
    repository.publish([], [TIMESTAMP]);
    expect(repository.published?.timestamp.signed.expires).toBe('2026-03-02T12:00:20Z');
  });

  test('keep what the role lists', () => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a'), artifact('b'), artifact('c'))]);
    const listed = repository.listed();
    repository.publish([], repository.bins());
    expect(repository.listed()).toEqual(listed);
  });

  test('that are asked for cover every online role when none is named', () => {
    const repository = MemoryRepository.ready();
    expect(repository.publish([resign()]).outcomes).toEqual([{ state: 'succeeded' }]);
    expect(new Set(Object.values(versions(repository)))).toEqual(new Set([2]));
  });

  test('that are asked for cover the roles that are named', () => {
    const repository = MemoryRepository.ready();
    repository.publish([resign('bins-1', 'targets')]);
    expect(versions(repository)).toMatchObject({ 'bins-0.json': 1, 'bins-1.json': 2, 'targets.json': 2, snapshot: 2 });
  });

  test('go together with changes and requests for the same role into one version', () => {
    const repository = MemoryRepository.ready();
    repository.publish(
      [add(artifact(pathIn('bins-1', repository))), resign('bins-1'), resign('timestamp')],
      ['bins-1' as RoleName, TIMESTAMP],
    );
    expect(versions(repository)).toMatchObject({ 'bins-1.json': 2, 'bins-0.json': 1, snapshot: 2, timestamp: 2 });
  });

  test.each(['root', 'bins-4', 'stranger'])('of %s are refused when asked for', (role) => {
    const { outcomes, plan } = MemoryRepository.ready().publish([resign(role)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'role-unknown' } }]);
    expect(plan.content).toBeNull();
  });

  test('that are refused for one role leave no trace of the others', () => {
    const { outcomes, plan } = MemoryRepository.ready().publish([resign('timestamp', 'targets', 'stranger')]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'role-unknown' } }]);
    expect(plan.content).toBeNull();
  });
});

describe('what a revision needs and says', () => {
  test('of the delegated roles only those concerned are needed', () => {
    const repository = MemoryRepository.ready();
    const published = repository.published as PublishedMetadata;
    const path = pathIn('bins-2', repository);
    const isBin = (role: RoleName) => BINS.includes(role);
    const concerned = (...changes: Change[]) =>
      [...runToEnd(rolesNeeded(publishedTree(published), changes, []))].filter(isBin).sort();
    expect(concerned(add(artifact(path)))).toEqual(['bins-2']);
    expect(concerned(remove(path))).toEqual(['bins-2']);
    expect(concerned(resign('bins-1', 'timestamp', 'stranger'))).toEqual(['bins-1']);
    expect(concerned(resign())).toEqual(BINS);
    const due = runToEnd(rolesNeeded(publishedTree(published), [], [TIMESTAMP, BINS[3] as RoleName]));
    expect([...due].filter(isBin)).toEqual(['bins-3']);
  });

  test('of the top level nothing is needed: it is there already', () => {
    const repository = MemoryRepository.ready();
    const tree = publishedTree(repository.published as PublishedMetadata);
    const changes = [add(artifact(pathIn('bins-2', repository)))];
    expect([...runToEnd(rolesNeeded(tree, changes, [TIMESTAMP, SNAPSHOT, TARGETS]))]).toEqual(['bins-2']);
  });

  test('a change of bins asks for all that it needs in a few rounds, not for one role after the other', () => {
    const repository = MemoryRepository.ready({ settings: parseSettings({ bins: { count: 64 } }) });
    repository.publish([add(artifact('a'), artifact('b'))]);
    const bins = { count: 4, kind: 'succinct' } as const;
    const change = { kind: 'set-bins', delegator: TARGETS, bins, signers: null, ifMatch: null } as const;
    const { rounds, outcomes } = repository.plan([change]);
    expect(outcomes).toMatchObject([{ state: 'succeeded' }]);
    expect(rounds).toBeLessThan(5);
  });

  test('each role is signed by its own keys', () => {
    const online = newKeyPairs(3);
    const [targetsKey, snapshotKey, timestampKey] = online as [KeyPair, KeyPair, KeyPair];
    const roles = { targets: [targetsKey], snapshot: [snapshotKey], timestamp: [timestampKey] };
    const repository = new MemoryRepository({ online });
    const root = rootOf({ rootKeys: [FIRST], online, roles });
    const { plan } = repository.publish([setRoot(signedBy(root, FIRST))]);
    if (!plan.content) throw new Error('there is a revision');
    const { content } = plan;
    const signers = ['targets', 'snapshot', 'timestamp', 'bins-0'].map(
      (role) => signersOf(content, parseRoleName(role)).keyids,
    );
    expect(signers).toEqual([[targetsKey.keyId], [snapshotKey.keyId], [timestampKey.keyId], [targetsKey.keyId]]);
    const undelegated = content.tree.with(new Map([[TARGETS, undefined]]));
    expect(refusalOf(() => signersOf({ tree: undelegated }, parseRoleName('bins-0')))).toBe('role-unknown');
  });

  test('what it is made from stays as it was', () => {
    const repository = MemoryRepository.ready();
    repository.publish([add(artifact('a'))]);
    const { root, targets, snapshot, timestamp, delegated } = repository.published as PublishedMetadata;
    const text = () => canonicalJson([root, targets, snapshot, timestamp, ...delegated.values()]);
    const before = text();
    repository.plan([add(artifact('a', 'b'), artifact('c')), remove('a'), resign()], repository.bins());
    expect(text()).toBe(before);
  });

  test('a role that is due but unknown does not hold up the changes', () => {
    const repository = MemoryRepository.ready();
    const { outcomes } = repository.plan([add(artifact('a'))], ['stranger' as RoleName]);
    expect(outcomes).toMatchObject([{ state: 'succeeded' }]);
  });
});
