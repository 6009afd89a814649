import type { Artifact, ArtifactPath } from './artifact.js';
import type { TufErrorCode } from './errors.js';
import type { Root, Signature, SignedMetadata } from './metadata.js';
import type { RoleName } from './role-name.js';

/** One thing asked of a repository. Its parts were checked when it arrived. */
export type Change =
  | { readonly kind: 'set-root'; readonly root: SignedMetadata<Root> }
  | { readonly kind: 'add-signature'; readonly signingEvent: string; readonly signature: Signature }
  | { readonly kind: 'withdraw-signing-event'; readonly signingEvent: string; readonly reason: string }
  | { readonly kind: 'add-artifacts'; readonly artifacts: readonly Artifact[] }
  | { readonly kind: 'remove-artifacts'; readonly paths: readonly ArtifactPath[] }
  /** No roles named means every online role. */
  | { readonly kind: 'resign'; readonly roles: readonly RoleName[] };

export type ChangeKind = Change['kind'];

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
  | { readonly path: string; readonly result: 'added' | 'replaced' | 'unchanged' | 'removed' }
  | ({ readonly path: string; readonly result: 'refused' } & Refusal);

/** What became of a change. */
export interface Outcome {
  readonly state: 'succeeded' | 'partly-refused' | 'refused';
  readonly refusal?: Refusal;
  /** One for each path of the change, in its order. */
  readonly artifacts?: readonly ArtifactResult[];
  /** The event that waits for signatures because of this change. */
  readonly signingEvent?: string;
  /** How many signatures that event still lacks. */
  readonly missingSignatures?: number;
}
