import { TufError } from './errors.js';
import type { Lifetime } from './expiry.js';
import { type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';

/** `succinct` is TAP 15; `classic` spells each bin out with `path_hash_prefixes`, for clients such as tough. */
export type BinsKind = 'succinct' | 'classic';

/** The roles that the service keeps fresh, the bins as one kind. */
export const RENEWED_ROLES = ['targets', 'bins', 'snapshot', 'timestamp'] as const;
export type RenewedRole = (typeof RENEWED_ROLES)[number];

export interface RepositorySettings {
  readonly bins: { readonly count: number; readonly kind: BinsKind };
  readonly lifetimes: Readonly<Record<RenewedRole, Lifetime>>;
}

export interface GivenSettings {
  readonly bins?: { readonly count?: number; readonly kind?: BinsKind };
  /** Seconds. */
  readonly expiry?: Partial<Record<RenewedRole, number>>;
  /** Seconds. */
  readonly renewalWindow?: Partial<Record<RenewedRole, number>>;
}

const DAY = 86_400;

export const DEFAULT_BINS = { count: 256, kind: 'succinct' } as const;
export const DEFAULT_EXPIRY: Readonly<Record<RenewedRole, number>> = {
  targets: 365 * DAY,
  bins: 30 * DAY,
  snapshot: 7 * DAY,
  timestamp: DAY,
};

const MINIMUM_BINS = 2;
const MAXIMUM_BINS = 16_384;
const MINIMUM_EXPIRY = 10;
const MAXIMUM_EXPIRY = 3_650 * DAY;
const MINIMUM_RENEWAL_WINDOW = 3;

/** Fills in the defaults; a renewal window is a quarter of the expiry unless given. @throws TufError `settings-invalid`. */
export function parseSettings(given: GivenSettings): RepositorySettings {
  const count = given.bins?.count ?? DEFAULT_BINS.count;
  assertBins(count);
  const lifetimes = RENEWED_ROLES.map((role) => [role, parseLifetime(given, role)] as const);
  return {
    bins: { count, kind: given.bins?.kind ?? DEFAULT_BINS.kind },
    lifetimes: Object.fromEntries(lifetimes) as Record<RenewedRole, Lifetime>,
  };
}

export function lifetimeOf(settings: RepositorySettings, role: RoleName): Lifetime {
  if (role === TIMESTAMP) return settings.lifetimes.timestamp;
  if (role === SNAPSHOT) return settings.lifetimes.snapshot;
  if (role === TARGETS) return settings.lifetimes.targets;
  return settings.lifetimes.bins;
}

function assertBins(count: number): void {
  const isPowerOfTwo = Number.isInteger(count) && Number.isInteger(Math.log2(count));
  if (isPowerOfTwo && count >= MINIMUM_BINS && count <= MAXIMUM_BINS) return;
  throw invalid('bins.count', `must be a power of two from ${MINIMUM_BINS} to ${MAXIMUM_BINS}`);
}

function parseLifetime(given: GivenSettings, role: RenewedRole): Lifetime {
  const expiry = given.expiry?.[role] ?? DEFAULT_EXPIRY[role];
  if (!Number.isInteger(expiry) || expiry < MINIMUM_EXPIRY || expiry > MAXIMUM_EXPIRY) {
    throw invalid(`expiry.${role}`, `must be from ${MINIMUM_EXPIRY} seconds to ${MAXIMUM_EXPIRY / DAY} days`);
  }
  const renewalWindow = given.renewalWindow?.[role] ?? Math.max(MINIMUM_RENEWAL_WINDOW, Math.floor(expiry / 4));
  if (!Number.isInteger(renewalWindow) || renewalWindow < MINIMUM_RENEWAL_WINDOW || renewalWindow >= expiry) {
    throw invalid(
      `renewalWindow.${role}`,
      `must be at least ${MINIMUM_RENEWAL_WINDOW} seconds and shorter than the expiry of ${expiry} seconds`,
    );
  }
  return { expiry, renewalWindow };
}

function invalid(field: string, rule: string): TufError {
  return new TufError('settings-invalid', `settings.${field} ${rule}`, `settings.${field}`);
}
