import type { Change } from './change.js';
import type { Root, Targets } from './metadata.js';
import { settingsTag } from './role-definition.js';
import type { RoleName } from './role-name.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, resign, setRoot, signatureFor, updateRole } from './testing/changes.js';
import {
  ONLINE,
  PEOPLE,
  ROOT_KEY,
  TARGETS_KEYS,
  withOfflineTargets,
  withOnlineTargets,
} from './testing/delegating-repository.js';
import type { MemoryRepository } from './testing/memory-repository.js';
import { assertAllFresh, dueRoles } from './testing/observed-repository.js';
import { NOW, rootOf, secondsAfter } from './testing/roots.js';

const [ALICE, BOB] = PEOPLE;
const [TARGETS_KEY] = TARGETS_KEYS;
const DAY = 86_400;

function withTeam(): MemoryRepository {
  const repository = withOfflineTargets();
  repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE, BOB], threshold: 2 })]);
  repository.signEvent('targets', TARGETS_KEY);
  repository.signEvent('team', ALICE, BOB);
  return repository;
}

/** The service at work: it looks every half hour or so, and once more after `days`. */
function passDays(repository: MemoryRepository, days: number): void {
  for (let hour = 0; hour < days * 24; hour += 6) {
    repository.now = secondsAfter(repository.now, DAY / 4);
    repository.publish([], dueRoles(repository));
    assertAllFresh(repository);
  }
}

const due = (repository: MemoryRepository, ...roles: string[]) => repository.publish([], roles as RoleName[]);

describe('a role of people that is due', () => {
  test.each(['team', 'targets'])('opens its event by itself, with the same content and a later expiry: %s', (role) => {
    const repository = withTeam();
    const before = repository.role(role);
    repository.now = secondsAfter(NOW, 80 * DAY);
    repository.published && due(repository, 'timestamp', 'snapshot');
    due(repository, role);
    const { signed } = repository.eventOf(role).metadata as { signed: Targets };
    expect(signed).toEqual({ ...before, version: before.version + 1, expires: signed.expires });
    expect(new Date(signed.expires).getTime()).toBeGreaterThan(new Date(before.expires).getTime());
  });

  test('has one event, however often it is looked at', () => {
    const repository = withTeam();
    due(repository, 'team');
    const event = repository.eventOf('team');
    repository.publish([signatureFor(event, ALICE)]);
    repository.now = secondsAfter(NOW, DAY / 4);
    due(repository, 'team');
    expect(repository.openEvents).toHaveLength(1);
    expect(repository.eventOf('team')).toMatchObject({
      id: event.id,
      metadata: { signatures: [{ keyid: ALICE.keyId }] },
    });
  });

  test('goes on with what waits already', () => {
    const repository = withTeam();
    repository.publish([add(artifact('a/1'))]);
    const event = repository.eventOf('team');
    due(repository, 'team');
    expect(repository.eventOf('team').id).toBe(event.id);
  });

  test('waits anew, for all to see, once what waits has expired itself', () => {
    const repository = withTeam();
    repository.publish([add(artifact('a/1'))]);
    const stale = repository.eventOf('team');
    repository.now = secondsAfter(NOW, 91 * DAY);
    const { signingEvents } = repository.plan([], ['team' as RoleName]).plan;
    expect(signingEvents.find(({ id }) => id === stale.id)).toMatchObject({ state: 'superseded' });
    const renewed = signingEvents.find(({ state }) => state === 'open');
    expect(renewed?.metadata.signed).toMatchObject({
      version: 2,
      targets: { 'a/1': {} },
      expires: '2026-08-29T12:00:00Z',
    });
  });

  test('is fresh as long as people sign what waits', () => {
    const repository = withTeam();
    for (let round = 0; round < 12; round += 1) {
      passDays(repository, 15);
      for (const { role } of repository.openEvents) {
        if (role === 'team') repository.signEvent('team', ALICE, BOB);
        if (role === 'targets') repository.signEvent('targets', TARGETS_KEY);
      }
    }
    expect(repository.role('team').version).toBeGreaterThan(2);
  });
});

describe('a root that is due', () => {
  test('opens its event by itself', () => {
    const repository = withTeam();
    due(repository, 'root');
    const { signed } = repository.eventOf('root').metadata as { signed: Root };
    expect(signed).toEqual({ ...repository.published?.root.signed, version: 2, expires: signed.expires });
    repository.signEvent('root', ROOT_KEY);
    expect(repository.published?.root.signed.version).toBe(2);
  });

  test('leaves a proposal that waits, and has one that has expired wait anew with what it changes', () => {
    const repository = withTeam();
    const proposed = {
      ...rootOf({ rootKeys: [ROOT_KEY, BOB], online: [ONLINE[0]], roles: { targets: [TARGETS_KEY] } }),
      version: 2,
    };
    repository.publish([setRoot({ signed: { ...proposed, expires: '2026-12-01T00:00:00Z' }, signatures: [] })]);
    const event = repository.eventOf('root');
    due(repository, 'root');
    expect(repository.eventOf('root').id).toBe(event.id);
    repository.now = secondsAfter(NOW, 280 * DAY);
    const renewed = repository.plan([], ['root' as RoleName]).plan.signingEvents.find(({ state }) => state === 'open');
    expect(renewed?.metadata.signed).toMatchObject({
      roles: proposed.roles,
      version: 2,
      expires: '2027-12-06T12:00:00Z',
    });
  });
});

describe('renewals that are asked for', () => {
  test('are done at once for roles of the service, and proposed for roles of people', () => {
    const repository = withTeam();
    const { outcomes, revision } = repository.publish([resign('team', 'snapshot', 'timestamp')]);
    expect(outcomes).toMatchObject([
      { state: 'succeeded', signingEvent: repository.eventOf('team').id, missingSignatures: 2 },
    ]);
    expect(revision).toMatchObject({ targetsRoles: [], snapshot: { metadata: { signed: { version: 3 } } } });
  });

  test('ask nobody for anything when no role is named', () => {
    const repository = withTeam();
    expect(repository.publish([resign()]).outcomes).toEqual([{ state: 'succeeded' }]);
    expect(repository.openEvents).toEqual([]);
  });

  test('of a role of the service go with a change of it into one version', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ONLINE[0]] })]);
    repository.publish([resign('team'), add(artifact('a/1')), updateRole('team', { terminating: true })]);
    expect(repository.role('team').version).toBe(2);
  });
});

describe('a change of settings', () => {
  const settings = (given: object, ifMatch: string | null = null): Change => ({
    kind: 'update-settings',
    settings: given,
    ifMatch,
  });

  test('counts for what is signed from then on, and leaves the rest', () => {
    const repository = withOnlineTargets();
    const before = repository.settings;
    repository.publish([settings({ expiry: { timestamp: 3_600 } }), add(artifact('a'))]);
    expect(repository.published?.timestamp.signed.expires).toBe('2026-03-01T13:00:00Z');
    expect(repository.settings.lifetimes).toEqual({
      ...before.lifetimes,
      timestamp: { expiry: 3_600, renewalWindow: 900 },
    });
  });

  test('makes a revision only with something else', () => {
    const { outcomes, plan } = withOnlineTargets().publish([settings({ targetsListsArtifacts: false })]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(plan).toMatchObject({ content: null, settings: { targetsListsArtifacts: false } });
  });

  test.each([
    ['made for an earlier state', settings({}, 'earlier'), 'precondition-failed'],
    ['out of bounds', settings({ expiry: { timestamp: 1 } }), 'settings-invalid'],
  ])('is refused when it is %s', (_name, change, code) => {
    expect(withOnlineTargets().publish([change]).outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
  });

  test('goes through with the tag of the present state, once', () => {
    const repository = withOnlineTargets();
    const change = settings({ expiry: { timestamp: 3_600 } }, settingsTag(repository.settings));
    expect(repository.publish([change, change]).outcomes.map(({ state }) => state)).toEqual(['succeeded', 'refused']);
  });
});
