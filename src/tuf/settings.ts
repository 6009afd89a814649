import type { TrustedKeys } from './delegation.js';
import { TufError } from './errors.js';
import type { Lifetime } from './expiry.js';
import { type Bins, type BinsKind, isBinName } from './hash-bins.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';

/** What has a lifetime: the top-level roles, the bins as one kind, and all other delegated roles (`roles`). */
export const LIFETIME_ROLES = ['root', 'targets', 'roles', 'bins', 'snapshot', 'timestamp'] as const;
export type LifetimeRole = (typeof LIFETIME_ROLES)[number];

export interface RepositorySettings {
  /** What targets delegates to from the start; null where it lists artifacts itself, or delegates to named roles. */
  readonly bins: Bins | null;
  /** Who signs these bins; null for the online keys of targets or, where people sign that, those of snapshot. */
  readonly binSigners: TrustedKeys | null;
  /** Whether targets itself may list an artifact that no delegation is for. */
  readonly targetsListsArtifacts: boolean;
  readonly lifetimes: Readonly<Record<LifetimeRole, Lifetime>>;
  /** Of delegated roles that have one of their own. */
  readonly roleLifetimes: Readonly<Record<RoleName, Lifetime>>;
}

export interface GivenSettings {
  readonly bins?: { readonly count?: number; readonly kind?: BinsKind } | null;
  readonly binSigners?: TrustedKeys | null;
  readonly targetsListsArtifacts?: boolean;
  /** Seconds. */
  readonly expiry?: Partial<Record<LifetimeRole, number>>;
  /** Seconds. */
  readonly renewalWindow?: Partial<Record<LifetimeRole, number>>;
}

const DAY = 86_400;

export const DEFAULT_BINS = { count: 256, kind: 'succinct' } as const;
export const DEFAULT_EXPIRY: Readonly<Record<LifetimeRole, number>> = {
  root: 365 * DAY,
  targets: 365 * DAY,
  roles: 90 * DAY,
  bins: 30 * DAY,
  snapshot: 7 * DAY,
  timestamp: DAY,
};

const MINIMUM_BINS = 2;
const MAXIMUM_BINS = 16_384;
/** How many bins there may be, in order. */
export const BIN_COUNTS: readonly number[] = Array.from(
  { length: Math.log2(MAXIMUM_BINS / MINIMUM_BINS) + 1 },
  (_, power) => MINIMUM_BINS * 2 ** power,
);
const MINIMUM_EXPIRY = 10;
const MAXIMUM_EXPIRY = 3_650 * DAY;
const MINIMUM_RENEWAL_WINDOW = 3;

/** Fills in the defaults; a renewal window is a quarter of the expiry unless given. @throws TufError `settings-invalid`. */
export function parseSettings(given: GivenSettings): RepositorySettings {
  const bins = given.bins === null ? null : parseBins(given.bins ?? {}, 'settings.bins');
  return {
    bins,
    binSigners: given.binSigners ?? null,
    targetsListsArtifacts: given.targetsListsArtifacts ?? bins === null,
    lifetimes: lifetimesOf(given, null),
    roleLifetimes: {},
  };
}

/** The settings with what is given in its place. @throws TufError `settings-invalid`. */
export function withSettings(
  settings: RepositorySettings,
  given: Omit<GivenSettings, 'bins' | 'binSigners'>,
): RepositorySettings {
  return {
    ...settings,
    targetsListsArtifacts: given.targetsListsArtifacts ?? settings.targetsListsArtifacts,
    lifetimes: lifetimesOf(given, settings.lifetimes),
  };
}

export function withRoleLifetime(
  settings: RepositorySettings,
  role: RoleName,
  lifetime: Lifetime | null,
): RepositorySettings {
  const { [role]: _, ...others } = settings.roleLifetimes;
  return { ...settings, roleLifetimes: lifetime ? { ...others, [role]: lifetime } : others };
}

export function lifetimeOf(settings: RepositorySettings, role: RoleName): Lifetime {
  const { lifetimes, roleLifetimes } = settings;
  if (role === ROOT) return lifetimes.root;
  if (role === TIMESTAMP) return lifetimes.timestamp;
  if (role === SNAPSHOT) return lifetimes.snapshot;
  if (role === TARGETS) return lifetimes.targets;
  if (Object.hasOwn(roleLifetimes, role)) return roleLifetimes[role] ?? lifetimes.roles;
  return isBinName(role) ? lifetimes.bins : lifetimes.roles;
}

/** @throws TufError `settings-invalid`. */
export function parseBins(given: { readonly count?: number; readonly kind?: BinsKind }, field: string): Bins {
  const count = given.count ?? DEFAULT_BINS.count;
  const isPowerOfTwo = Number.isInteger(count) && Number.isInteger(Math.log2(count));
  if (!isPowerOfTwo || count < MINIMUM_BINS || count > MAXIMUM_BINS) {
    throw invalid(`${field}.count`, `must be a power of two from ${MINIMUM_BINS} to ${MAXIMUM_BINS}`);
  }
  return { count, kind: given.kind ?? DEFAULT_BINS.kind };
}

/** @param fields names `expiry` and `renewalWindow` in refusals. @throws TufError `settings-invalid`. */
export function parseLifetime(
  expiry: number,
  renewalWindow: number | undefined,
  fields: { readonly expiry: string; readonly renewalWindow: string },
): Lifetime {
  if (!Number.isInteger(expiry) || expiry < MINIMUM_EXPIRY || expiry > MAXIMUM_EXPIRY) {
    throw invalid(fields.expiry, `must be from ${MINIMUM_EXPIRY} seconds to ${MAXIMUM_EXPIRY / DAY} days`);
  }
  const window = renewalWindow ?? Math.max(MINIMUM_RENEWAL_WINDOW, Math.floor(expiry / 4));
  if (!Number.isInteger(window) || window < MINIMUM_RENEWAL_WINDOW || window >= expiry) {
    throw invalid(
      fields.renewalWindow,
      `must be at least ${MINIMUM_RENEWAL_WINDOW} seconds and shorter than the expiry of ${expiry} seconds`,
    );
  }
  return { expiry, renewalWindow: window };
}

function lifetimesOf(
  { expiry = {}, renewalWindow = {} }: GivenSettings,
  before: RepositorySettings['lifetimes'] | null,
): RepositorySettings['lifetimes'] {
  const lifetimes = LIFETIME_ROLES.map((role) => {
    // A window that is not given follows a new expiry, and stays beside the expiry that stays.
    const window = renewalWindow[role] ?? (expiry[role] === undefined ? before?.[role].renewalWindow : undefined);
    const lifetime = parseLifetime(expiry[role] ?? before?.[role].expiry ?? DEFAULT_EXPIRY[role], window, {
      expiry: `settings.expiry.${role}`,
      renewalWindow: `settings.renewalWindow.${role}`,
    });
    return [role, lifetime] as const;
  });
  return Object.fromEntries(lifetimes) as Record<LifetimeRole, Lifetime>;
}

function invalid(field: string, rule: string): TufError {
  return new TufError('settings-invalid', `${field} ${rule}`, field);
}
