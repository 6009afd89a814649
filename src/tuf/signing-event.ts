import type { ArtifactPath, TargetFile } from './artifact.js';
import type { TrustedKeys } from './delegation.js';
import type { IdentityVerifier } from './identity-key.js';
import type { DelegatedRole, Root, SignedMetadata, Targets } from './metadata.js';
import { ROOT, type RoleName } from './role-name.js';
import { missingRootSignatures } from './root-trust.js';
import { verifiedKeyIds } from './signature.js';
import type { PathEdits } from './targets-content.js';

/** A metadata version that waits for offline signatures. A role has one open event at most. */
export type SigningEvent = RootEvent | TargetsEvent;

export type SigningEventState = 'open' | 'completed' | 'superseded' | 'withdrawn';

interface AnyEvent {
  readonly id: string;
  readonly role: RoleName;
  readonly state: SigningEventState;
  /** Why it was withdrawn, or what superseded it. */
  readonly reason: string | null;
}

/** Takes the thresholds of the root in force and of its own. */
export interface RootEvent extends AnyEvent {
  readonly metadata: SignedMetadata<Root>;
  readonly signers: null;
  readonly pending: null;
  readonly consequences: null;
}

/** For targets and delegated roles. */
export interface TargetsEvent extends AnyEvent {
  readonly metadata: SignedMetadata<Targets>;
  /** Who has to sign it. */
  readonly signers: TrustedKeys;
  /** Where clients do not trust these signers yet: what makes them. */
  readonly pending: PendingTrust | null;
  /** Null where there are none. */
  readonly consequences: Consequences | null;
}

/** What the service does by itself once a version takes effect. */
export interface Consequences {
  /** What roles that the service signs list for a path from then on, null for nothing, whoever listed it before. */
  readonly handedOver: Readonly<Record<ArtifactPath, TargetFile | null>>;
  /** Roles that this version delegates to no more, and whose artifacts go away with them. */
  readonly dropped: readonly RoleName[];
}

/** A delegation that takes effect together with the version that its new signers sign. */
export interface PendingTrust {
  /** Root for targets. */
  readonly delegator: RoleName;
  /** What the delegator shall say, where the service signs for it; null where it waits for signatures itself. */
  readonly delegation: PlacedRole | null;
}

/** A delegated role and its place among the roles of its delegator, 0 being the first; null for where it is, or the end. */
export interface PlacedRole {
  readonly role: DelegatedRole;
  readonly position: number | null;
}

export function isRootEvent(event: SigningEvent): event is RootEvent {
  return event.role === ROOT;
}

/** How many more signatures an event takes at least. @param root in force, or null before the first. */
export function missingSignatures(
  event: SigningEvent,
  root: Root | null,
  identities?: IdentityVerifier | undefined,
): number {
  if (isRootEvent(event)) return missingRootSignatures(event.metadata, root, identities);
  const { metadata, signers } = event;
  return Math.max(0, signers.threshold - verifiedKeyIds(metadata, { ...signers, identities }).length);
}

export function consequencesOf(
  handedOver: PathEdits,
  dropped: Iterable<RoleName>,
  before: Consequences | null,
): Consequences | null {
  const files: Consequences['handedOver'] = { ...before?.handedOver, ...Object.fromEntries(handedOver) };
  const roles = [...new Set([...(before?.dropped ?? []), ...dropped])];
  return Object.keys(files).length === 0 && roles.length === 0 ? null : { handedOver: files, dropped: roles };
}
