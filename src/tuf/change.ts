import type { Artifact, ArtifactPath } from './artifact.js';
import type { TrustedKeys } from './delegation.js';
import type { TufErrorCode } from './errors.js';
import type { Lifetime } from './expiry.js';
import type { Bins } from './hash-bins.js';
import type { DelegatedRole, Root, Signature, SignedMetadata, Targets } from './metadata.js';
import type { RoleName } from './role-name.js';
import type { GivenSettings } from './settings.js';

/** One thing asked of a repository. Its parts were checked when it arrived. */
export type Change =
  | { readonly kind: 'set-root'; readonly root: SignedMetadata<Root> }
  | { readonly kind: 'set-metadata'; readonly role: RoleName; readonly metadata: SignedMetadata<Targets> }
  | { readonly kind: 'add-signature'; readonly signingEvent: string; readonly signature: Signature }
  | { readonly kind: 'withdraw-signing-event'; readonly signingEvent: string; readonly reason: string }
  | Addition
  | { readonly kind: 'remove-artifacts'; readonly paths: readonly ArtifactPath[] }
  | AddRole
  | UpdateRole
  | RemoveRole
  | SetBins
  | {
      readonly kind: 'update-settings';
      readonly settings: Omit<GivenSettings, 'bins' | 'binSigners'>;
      readonly ifMatch: string | null;
    }
  /** No roles named means every online role; beyond a version of timestamp that the repository does not know any more. */
  | { readonly kind: 'resign'; readonly roles: readonly RoleName[]; readonly beyond?: number };

export type ChangeKind = Change['kind'];

export interface Addition {
  readonly kind: 'add-artifacts';
  readonly artifacts: readonly Artifact[];
}

export interface AddRole {
  readonly kind: 'add-role';
  readonly delegator: RoleName;
  readonly role: DelegatedRole;
  readonly keys: TrustedKeys['keys'];
  /** Its place among the roles of the delegator, 0 being the first; null for the last. */
  readonly position: number | null;
  readonly lifetime: Lifetime | null;
}

/** What is left out stays as it is. */
export interface UpdateRole {
  readonly kind: 'update-role';
  readonly role: RoleName;
  readonly pathsOrPrefixes?: Pick<DelegatedRole, 'paths' | 'path_hash_prefixes'>;
  readonly signers?: TrustedKeys;
  readonly terminating?: boolean;
  readonly position?: number;
  /** Null for that of all roles. */
  readonly lifetime?: Lifetime | null;
  /** The tag of the role that the change was made for: see `roleTag`. */
  readonly ifMatch: string | null;
}

export interface RemoveRole {
  readonly kind: 'remove-role';
  readonly role: RoleName;
  /** Whether what it lists goes to the roles that may list it then, or away with it. */
  readonly artifacts: 'move' | 'remove';
  readonly ifMatch: string | null;
}

export interface SetBins {
  readonly kind: 'set-bins';
  readonly delegator: RoleName;
  /** Null has the delegator list its artifacts itself. */
  readonly bins: Bins | null;
  /** Null for those of the bins that there are or, where there are none, those that sign the delegator online. */
  readonly signers: TrustedKeys | null;
  readonly ifMatch: string | null;
}

/** A change with the id of its task. */
export interface RequestedChange {
  readonly id: string;
  readonly change: Change;
}

export interface Refusal {
  readonly code: TufErrorCode;
  readonly detail: string;
}

export type ArtifactResult =
  | {
      readonly path: string;
      readonly result: 'added' | 'replaced' | 'unchanged' | 'removed' | 'awaiting-signatures';
    }
  | ({ readonly path: string; readonly result: 'refused' } & Refusal);

/** What became of a change. */
export interface Outcome {
  readonly state: 'succeeded' | 'partly-refused' | 'refused';
  readonly refusal?: Refusal;
  /** One for each path of the change, in its order. */
  readonly artifacts?: readonly ArtifactResult[];
  /** The event that waits for signatures because of this change. */
  readonly signingEvent?: string;
  /** How many signatures that event still lacks; 0 where it waits for the others. */
  readonly missingSignatures?: number;
  /** Events beside it that wait because of this change, or that it waits for. */
  readonly otherSigningEvents?: readonly string[];
}
