import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { type GivenSettings, lifetimeOf, parseSettings, withRoleLifetime, withSettings } from './settings.js';
import { refusal } from './testing/refusals.js';

const DAY = 86_400;

describe('settings', () => {
  test('fall back to 256 succinct bins and to lifetimes with a renewal window of a quarter', () => {
    expect(parseSettings({})).toEqual({
      bins: { count: 256, kind: 'succinct' },
      binSigners: null,
      targetsListsArtifacts: false,
      roleLifetimes: {},
      lifetimes: {
        root: { expiry: 365 * DAY, renewalWindow: (365 * DAY) / 4 },
        roles: { expiry: 90 * DAY, renewalWindow: (90 * DAY) / 4 },
        targets: { expiry: 365 * DAY, renewalWindow: (365 * DAY) / 4 },
        bins: { expiry: 30 * DAY, renewalWindow: (30 * DAY) / 4 },
        snapshot: { expiry: 7 * DAY, renewalWindow: (7 * DAY) / 4 },
        timestamp: { expiry: DAY, renewalWindow: DAY / 4 },
      },
    });
  });

  test('keep what is given and fill in the rest', () => {
    const settings = parseSettings({
      bins: { kind: 'classic' },
      expiry: { timestamp: 3_600 },
      renewalWindow: { timestamp: 60, bins: DAY },
    });
    expect(settings.bins).toEqual({ count: 256, kind: 'classic' });
    expect(settings.lifetimes.timestamp).toEqual({ expiry: 3_600, renewalWindow: 60 });
    expect(settings.lifetimes.bins).toEqual({ expiry: 30 * DAY, renewalWindow: DAY });
  });

  test('give a short expiry a renewal window of 3 seconds at least', () => {
    expect(parseSettings({ expiry: { timestamp: 10 } }).lifetimes.timestamp.renewalWindow).toBe(3);
  });

  test.each([2, 4, 8, 16, 32, 256, 16_384])('accept %i bins', (count) => {
    expect(parseSettings({ bins: { count } }).bins?.count).toBe(count);
  });

  const refused: readonly (readonly [name: string, given: GivenSettings, field: string])[] = [
    ['no bins', { bins: { count: 0 } }, 'settings.bins.count'],
    ['1 bin', { bins: { count: 1 } }, 'settings.bins.count'],
    ['3 bins', { bins: { count: 3 } }, 'settings.bins.count'],
    ['-2 bins', { bins: { count: -2 } }, 'settings.bins.count'],
    ['32,768 bins', { bins: { count: 32_768 } }, 'settings.bins.count'],
    ['NaN bins', { bins: { count: Number.NaN } }, 'settings.bins.count'],
    ['half a bin more', { bins: { count: 2.5 } }, 'settings.bins.count'],
    ['a fraction that rounds to a power of two', { bins: { count: 8_192.000000000002 } }, 'settings.bins.count'],
    ['an expiry of 9 seconds', { expiry: { snapshot: 9 } }, 'settings.expiry.snapshot'],
    ['an expiry over 3,650 days', { expiry: { targets: 3_650 * DAY + 1 } }, 'settings.expiry.targets'],
    ['an expiry with a fraction', { expiry: { bins: 100.5 } }, 'settings.expiry.bins'],
    ['a renewal window of 2 seconds', { renewalWindow: { bins: 2 } }, 'settings.renewalWindow.bins'],
    ['a renewal window with a fraction', { renewalWindow: { bins: 3.5 } }, 'settings.renewalWindow.bins'],
    [
      'a renewal window as long as the expiry',
      { expiry: { timestamp: 60 }, renewalWindow: { timestamp: 60 } },
      'settings.renewalWindow.timestamp',
    ],
  ];
  test.each(refused)('refuse %s', (_name, given, field) => {
    expect(refusal(() => parseSettings(given))).toMatchObject({ code: 'settings-invalid', field });
  });

  test.each([
    [TARGETS, 'targets'],
    [SNAPSHOT, 'snapshot'],
    [TIMESTAMP, 'timestamp'],
    ['bins-0' as RoleName, 'bins'],
  ] as const)('the lifetime of %s is that of %s', (role, kind) => {
    const settings = parseSettings({});
    expect(lifetimeOf(settings, role)).toBe(settings.lifetimes[kind]);
  });

  test.each([
    [ROOT, 'root'],
    ['team', 'roles'],
    ['bins-3f', 'bins'],
    ['team-bins-0', 'bins'],
  ] as const)('%s has the lifetime of %s', (role, kind) => {
    const settings = parseSettings({});
    expect(lifetimeOf(settings, role as RoleName)).toBe(settings.lifetimes[kind]);
  });

  test('a delegated role may have a lifetime of its own, and lose it again', () => {
    const lifetime = { expiry: 60, renewalWindow: 20 };
    const settings = withRoleLifetime(parseSettings({}), 'team' as RoleName, lifetime);
    expect(lifetimeOf(settings, 'team' as RoleName)).toEqual(lifetime);
    expect(withRoleLifetime(settings, 'team' as RoleName, null)).toEqual(parseSettings({}));
  });

  test('change in what is given; a renewal window follows a new expiry', () => {
    const before = parseSettings({ renewalWindow: { targets: DAY } });
    const after = withSettings(before, { expiry: { timestamp: 3_600 }, targetsListsArtifacts: true });
    expect(after).toEqual({
      ...before,
      targetsListsArtifacts: true,
      lifetimes: { ...before.lifetimes, timestamp: { expiry: 3_600, renewalWindow: 900 } },
    });
    expect(refusal(() => withSettings(before, { renewalWindow: { timestamp: DAY } }))?.code).toBe('settings-invalid');
  });
});
