import type { DelegationTree } from './delegation-tree.js';
import { eventThresholds } from './event-review.js';
import { binPrefix, binsOf } from './hash-bins.js';
import type { IdentityVerifier } from './identity-key.js';
import type { KeyId } from './key.js';
import type { RoleKeys } from './metadata.js';
import { ROOT, type RoleName } from './role-name.js';
import { missingRootSignatures, type SignatureThreshold } from './root-trust.js';
import { isRootEvent, missingSignatures, type SigningEvent } from './signing-event.js';

/** The version of a role that clients have, or of the first bin of a delegator to expire. */
export interface RoleInForce {
  readonly name: RoleName;
  readonly version: number;
  readonly expires: Date;
  /** From when on it is signed again or, where people sign it, asked to be. */
  readonly renewedFrom: Date;
}

/** Bins of one delegator that expire within a time, as one. */
export interface BinsInForce {
  /** The part of their names before their numbers. */
  readonly prefix: string;
  readonly count: number;
  readonly highestVersion: number;
  readonly firstExpires: Date;
  readonly lastExpires: Date;
  readonly firstRenewedFrom: Date;
}

/** What a forecast is made from. */
export interface ForecastSource {
  /** Null before the first revision. */
  readonly tree: DelegationTree | null;
  /** Those that expire within the time, and those that events are for. */
  readonly roles: readonly RoleInForce[];
  readonly bins: readonly BinsInForce[];
  readonly openEvents: readonly SigningEvent[];
  readonly onlineKeys: ReadonlySet<KeyId>;
  readonly identities?: IdentityVerifier | undefined;
}

export type ForecastState = 'in-time' | 'awaiting-signatures' | 'overdue' | 'expired';

/** What expires, or waits for signatures, and who has to do something about it. */
export interface ForecastItem {
  /** When the version in force expires or, where that comes first or there is none, the one that waits. */
  readonly deadline: Date;
  /** For bins, the role that delegates to them. */
  readonly role: RoleName;
  /** How many; null where it is no bins. */
  readonly bins: number | null;
  /** In force, of bins the highest; null where clients know none yet. */
  readonly version: number | null;
  /** Of the version in force, of bins the first. */
  readonly expires: Date | null;
  /** Of bins, the last. */
  readonly lastExpires: Date | null;
  /** Null where it was asked for already. */
  readonly renewedFrom: Date | null;
  readonly signedBy: 'service' | 'people';
  readonly signers: RoleKeys;
  readonly state: ForecastState;
  readonly waiting: WaitingVersion | null;
}

/** The next version of a role, which waits for signatures. */
export interface WaitingVersion {
  readonly id: string;
  readonly version: number;
  readonly expires: Date;
  readonly missingSignatures: number;
  readonly thresholds: readonly SignatureThreshold[];
}

/** Renewal begins when a role falls due; it is overdue when it is still due this much later. */
export const OVERDUE_AFTER_MS = 60_000;

/** Soonest first. */
export function forecast(source: ForecastSource, now: Date): ForecastItem[] {
  const inForce = new Set(source.roles.map(({ name }) => name));
  const items = [
    ...source.roles.flatMap((role) => roleItem(source, role, now) ?? []),
    ...source.bins.flatMap((bins) => binsItem(source, bins, now) ?? []),
    ...source.openEvents.filter(({ role }) => !inForce.has(role)).map((event) => newcomer(source, event)),
  ];
  return items.sort((left, right) => left.deadline.getTime() - right.deadline.getTime());
}

/** Whether something expires before a moment without the service being able to renew it, or should have been renewed. */
export function isAtRisk(item: Pick<ForecastItem, 'signedBy' | 'expires' | 'state'>, before: Date): boolean {
  if (item.state === 'overdue' || item.state === 'expired') return true;
  return item.signedBy === 'people' && item.expires !== null && item.expires <= before;
}

function roleItem(source: ForecastSource, role: RoleInForce, now: Date): ForecastItem | null {
  const { name, version, expires, renewedFrom } = role;
  const signers = signersOf(source.tree, name);
  if (!signers) return null; // it was retired meanwhile
  const event = source.openEvents.find((open) => open.role === name);
  const waiting = event ? waitingVersion(event, source) : null;
  const signedBy = signerOf(name, signers, source.onlineKeys);
  return {
    deadline: waiting && waiting.expires < expires ? waiting.expires : expires,
    role: name,
    bins: null,
    version,
    expires,
    lastExpires: null,
    renewedFrom: waiting ? null : renewedFrom,
    signedBy,
    signers,
    state: stateOf(role, waiting !== null, now),
    waiting,
  };
}

function binsItem({ tree, onlineKeys }: ForecastSource, bins: BinsInForce, now: Date): ForecastItem | null {
  const role = tree?.delegators.find((delegator) => binPrefix(delegator) === bins.prefix);
  const signers = role && binsOf(tree?.delegations(role))?.signers;
  if (!role || !signers) return null;
  const { count, highestVersion, firstExpires, lastExpires, firstRenewedFrom } = bins;
  return {
    deadline: firstExpires,
    role,
    bins: count,
    version: highestVersion,
    expires: firstExpires,
    lastExpires,
    renewedFrom: firstRenewedFrom,
    signedBy: signerOf(role, signers, onlineKeys),
    signers,
    state: stateOf({ expires: firstExpires, renewedFrom: firstRenewedFrom }, false, now),
    waiting: null,
  };
}

/** What waits for the first signatures of its role. */
function newcomer(source: ForecastSource, event: SigningEvent): ForecastItem {
  const signers = isRootEvent(event) ? event.metadata.signed.roles.root : event.signers;
  const waiting = waitingVersion(event, source);
  return {
    deadline: waiting.expires,
    role: event.role,
    bins: null,
    version: null,
    expires: null,
    lastExpires: null,
    renewedFrom: null,
    signedBy: signerOf(event.role, signers, source.onlineKeys),
    signers: { keyids: signers.keyids, threshold: signers.threshold },
    state: 'awaiting-signatures',
    waiting,
  };
}

function waitingVersion(event: SigningEvent, { tree, identities }: ForecastSource): WaitingVersion {
  const { version, expires } = event.metadata.signed;
  const root = tree?.root ?? null;
  return {
    id: event.id,
    version,
    expires: new Date(expires),
    missingSignatures: isRootEvent(event)
      ? missingRootSignatures(event.metadata, root, identities)
      : missingSignatures(event, root, identities),
    thresholds: eventThresholds(event, root, identities),
  };
}

function stateOf(
  { expires, renewedFrom }: Pick<RoleInForce, 'expires' | 'renewedFrom'>,
  isWaiting: boolean,
  now: Date,
): ForecastState {
  if (expires <= now) return 'expired';
  if (isWaiting) return 'awaiting-signatures';
  return renewedFrom.getTime() <= now.getTime() - OVERDUE_AFTER_MS ? 'overdue' : 'in-time';
}

function signersOf(tree: DelegationTree | null, role: RoleName): RoleKeys | null {
  if (role === ROOT) return tree?.root.roles.root ?? null;
  const trusted = tree?.keysOf(role);
  return trusted ? { keyids: trusted.keyids, threshold: trusted.threshold } : null;
}

// The service never signs root, whatever keys it has.
function signerOf(
  role: RoleName,
  { keyids, threshold }: RoleKeys,
  online: ReadonlySet<KeyId>,
): ForecastItem['signedBy'] {
  if (role === ROOT) return 'people';
  return keyids.filter((keyid) => online.has(keyid)).length >= threshold ? 'service' : 'people';
}
