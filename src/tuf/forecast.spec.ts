import { renewalDate } from './expiry.js';
import { type ForecastItem, forecast, isAtRisk, type RoleInForce } from './forecast.js';
import type { SignedMetadata } from './metadata.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { lifetimeOf, parseSettings, withRoleLifetime } from './settings.js';
import { addRole, resign, signatureFor } from './testing/changes.js';
import { ONLINE, PEOPLE, ROOT_KEY, withOnlineTargets } from './testing/delegating-repository.js';
import { signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { NOW, rootOf, secondsAfter } from './testing/roots.js';

const DAY = 86_400;
const [ALICE, BOB, CAROL] = PEOPLE;

/** What the database would say of the roles that clients know, bins left out. */
function inForce({ published, settings }: MemoryRepository): RoleInForce[] {
  if (!published) return [];
  const { root, targets, snapshot, timestamp, delegated } = published;
  const all = new Map<RoleName, SignedMetadata>([...delegated]);
  for (const [role, metadata] of [
    [ROOT, root],
    [TARGETS, targets],
    [SNAPSHOT, snapshot],
    [TIMESTAMP, timestamp],
  ] as const)
    all.set(role, metadata);
  return [...all]
    .filter(([name]) => !/bins-/.test(name))
    .map(([name, { signed }]) => ({
      name,
      version: signed.version,
      expires: new Date(signed.expires),
      renewedFrom: renewalDate(signed.expires, lifetimeOf(settings, name)),
    }));
}

function forecastOf(repository: MemoryRepository, now = NOW, roles = inForce(repository)): ForecastItem[] {
  const { openEvents, online } = repository;
  const tree = repository.published ? repository.tree : null;
  const onlineKeys = new Set(online.map(({ keyId }) => keyId));
  return forecast({ tree, roles, bins: [], openEvents, onlineKeys }, now);
}

const team = { name: 'team', paths: ['team/*'], keys: PEOPLE, threshold: 2 };

function withTeam(): MemoryRepository {
  const repository = withOnlineTargets();
  repository.publish([addRole(team)]);
  repository.signEvent('team', ALICE, BOB);
  return repository;
}

const inShort = (items: readonly ForecastItem[]) =>
  items.map(({ role, signedBy, state, signers }) => [role, signedBy, state, signers.threshold, signers.keyids.length]);

describe('the forecast', () => {
  test('says who signs each role, soonest expiry first', () => {
    expect(inShort(forecastOf(withTeam()))).toEqual([
      ['timestamp', 'service', 'in-time', 1, 1],
      ['snapshot', 'service', 'in-time', 1, 1],
      ['team', 'people', 'in-time', 2, 3],
      ['root', 'people', 'in-time', 1, 1],
      ['targets', 'service', 'in-time', 1, 1],
    ]);
  });

  test('says when the service signs again, and when it asks people to', () => {
    const items = forecastOf(withTeam());
    const when = new Map(items.map(({ role, deadline, renewedFrom }) => [String(role), { deadline, renewedFrom }]));
    expect(when.get('timestamp')).toEqual({
      deadline: secondsAfter(NOW, DAY),
      renewedFrom: secondsAfter(NOW, 0.75 * DAY),
    });
    expect(when.get('team')).toEqual({
      deadline: secondsAfter(NOW, 90 * DAY),
      renewedFrom: secondsAfter(NOW, 67.5 * DAY),
    });
  });

  test('has root signed by people, even where the service has its keys', () => {
    const repository = new MemoryRepository({ online: ONLINE });
    repository.publish([
      { kind: 'set-root', root: signedBy(rootOf({ rootKeys: [ONLINE[0]], online: ONLINE }), ONLINE[0]) },
    ]);
    expect(forecastOf(repository).find(({ role }) => role === ROOT)?.signedBy).toBe('people');
  });

  test('has a role signed by people where the keys of the service are too few for its threshold', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ ...team, keys: [ONLINE[0], ALICE], threshold: 2 })]);
    const [waiting] = forecastOf(repository).filter(({ role }) => String(role) === 'team');
    expect(waiting).toMatchObject({ signedBy: 'people', version: null, expires: null, state: 'awaiting-signatures' });
    expect(waiting?.waiting?.missingSignatures).toBe(1); // that of the service is there
  });
});

describe('what waits for signatures', () => {
  test('is in the forecast with who is missing; its deadline is that of the version in force', () => {
    const repository = withTeam();
    repository.now = secondsAfter(NOW, 70 * DAY);
    repository.publish([], ['team' as RoleName]);
    repository.publish([signatureFor(repository.eventOf('team'), CAROL)]);
    const [item] = forecastOf(repository, repository.now).filter(({ role }) => String(role) === 'team');
    expect(item).toMatchObject({
      deadline: secondsAfter(NOW, 90 * DAY),
      version: 1,
      renewedFrom: null,
      state: 'awaiting-signatures',
      waiting: { version: 2, expires: secondsAfter(NOW, 160 * DAY), missingSignatures: 1 },
    });
    expect(item?.waiting?.thresholds).toEqual([
      {
        of: 'this role',
        threshold: 2,
        signedBy: [CAROL.keyId],
        mayBeSignedBy: [ALICE.keyId, BOB.keyId],
        missing: 1,
      },
    ]);
  });

  test('has its own expiry as deadline where that comes first, or where there is nothing in force', () => {
    const repository = withOnlineTargets();
    repository.publish([addRole({ ...team, lifetime: { expiry: 5 * DAY, renewalWindow: DAY } })]);
    const [first] = forecastOf(repository).filter(({ role }) => String(role) === 'team');
    expect(first?.deadline).toEqual(secondsAfter(NOW, 5 * DAY));
    repository.signEvent('team', ALICE, BOB);
    repository.now = secondsAfter(NOW, 4 * DAY);
    repository.settings = withRoleLifetime(repository.settings, 'team' as RoleName, {
      expiry: DAY / 2,
      renewalWindow: 60,
    });
    repository.publish([resign('team')]);
    const [second] = forecastOf(repository, repository.now).filter(({ role }) => String(role) === 'team');
    expect(second).toMatchObject({ deadline: secondsAfter(NOW, 4.5 * DAY), expires: secondsAfter(NOW, 5 * DAY) });
  });

  test('is a first root, before there is anything else', () => {
    const repository = new MemoryRepository({ online: ONLINE });
    const root = rootOf({ rootKeys: [ALICE, BOB], threshold: 2, online: ONLINE });
    repository.publish([{ kind: 'set-root', root: signedBy(root, ALICE) }]);
    expect(forecastOf(repository)).toMatchObject([
      { role: 'root', version: null, signedBy: 'people', waiting: { version: 1, missingSignatures: 1 } },
    ]);
  });

  test('is a next root with the thresholds of both', () => {
    const repository = withOnlineTargets();
    const next = rootOf({ rootKeys: [ALICE, BOB], threshold: 2, online: [ONLINE[0]] });
    repository.publish([{ kind: 'set-root', root: signedBy({ ...next, version: 2 }, BOB) }]);
    const [item] = forecastOf(repository).filter(({ role }) => role === ROOT);
    expect(item?.waiting?.thresholds.map(({ of, mayBeSignedBy, missing }) => [of, mayBeSignedBy, missing])).toEqual([
      ['previous root', [ROOT_KEY.keyId], 1],
      ['this root', [ALICE.keyId], 1],
    ]);
    expect(item?.signers.keyids).toEqual([ROOT_KEY.keyId]);
  });
});

describe('bins', () => {
  const repository = MemoryRepository.ready({ settings: parseSettings({ bins: { count: 16 } }) });
  const bins = {
    prefix: 'bins',
    count: 12,
    highestVersion: 3,
    firstExpires: secondsAfter(NOW, 9 * DAY),
    lastExpires: secondsAfter(NOW, 20 * DAY),
    firstRenewedFrom: secondsAfter(NOW, 2 * DAY),
  };
  const source = {
    tree: repository.tree,
    roles: [],
    openEvents: [],
    onlineKeys: new Set(repository.online.map(({ keyId }) => keyId)),
  };

  test('of one role are one line', () => {
    expect(forecast({ ...source, bins: [bins] }, NOW)).toMatchObject([
      { role: 'targets', bins: 12, version: 3, deadline: bins.firstExpires, signedBy: 'service', state: 'in-time' },
    ]);
  });

  test('that no role delegates to any more are left out', () => {
    expect(forecast({ ...source, bins: [{ ...bins, prefix: 'team-bins' }] }, NOW)).toEqual([]);
  });

  test('are overdue when the first of them is', () => {
    const now = secondsAfter(bins.firstRenewedFrom, 61);
    expect(forecast({ ...source, bins: [bins] }, now)).toMatchObject([{ state: 'overdue' }]);
    expect(forecast({ ...source, bins: [bins] }, secondsAfter(now, -2))).toMatchObject([{ state: 'in-time' }]);
    expect(forecast({ ...source, bins: [bins] }, bins.firstExpires)).toMatchObject([{ state: 'expired' }]);
  });
});

describe('at risk is', () => {
  const before = secondsAfter(NOW, 3 * DAY);
  test.each<[string, boolean, Partial<ForecastItem>]>([
    ['what people have to sign before then', true, { signedBy: 'people', expires: before }],
    ['not what they have to sign later', false, { signedBy: 'people', expires: secondsAfter(before, 1) }],
    ['not what the service signs', false, { signedBy: 'service', expires: NOW }],
    ['what the service should have signed', true, { signedBy: 'service', state: 'overdue' }],
    ['what has expired', true, { signedBy: 'service', state: 'expired' }],
    ['also what waits for signatures', true, { signedBy: 'people', expires: NOW, state: 'awaiting-signatures' }],
    ['not what nobody knows yet', false, { signedBy: 'people', expires: null, state: 'awaiting-signatures' }],
  ])('%s', (_, expected, item) => {
    expect(
      isAtRisk({ signedBy: 'service', state: 'in-time', expires: secondsAfter(NOW, 365 * DAY), ...item }, before),
    ).toBe(expected);
  });
});
