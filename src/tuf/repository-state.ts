import { DelegationTree } from './delegation-tree.js';
import type { IdentityVerifier } from './identity-key.js';
import type { KeyId } from './key.js';
import type { Delegations, Root, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import { type RoleName, TARGETS } from './role-name.js';
import type { RepositorySettings } from './settings.js';
import type { SigningEvent } from './signing-event.js';

/** What a revision is made from: as much of a repository as the changes at hand need. */
export interface RepositoryState {
  readonly settings: RepositorySettings;
  /** Null until the first revision. */
  readonly published: PublishedMetadata | null;
  readonly openEvents: readonly SigningEvent[];
}

export interface PublishedMetadata {
  readonly root: SignedMetadata<Root>;
  readonly targets: SignedMetadata<Targets>;
  readonly snapshot: SignedMetadata<Snapshot>;
  readonly timestamp: SignedMetadata<Timestamp>;
  /** All roles that delegate, and of the others those that were asked for: a repository has many more. */
  readonly delegated: ReadonlyMap<RoleName, SignedMetadata<Targets>>;
  /** Which roles list artifacts whose paths start with a text; the texts that were asked for. */
  readonly listing: ReadonlyMap<string, readonly RoleName[]>;
}

export interface RevisionContext {
  readonly now: Date;
  /** Keys whose private half a key vault of this service signs with. */
  readonly onlineKeys: ReadonlySet<KeyId>;
  /** Roles inside their renewal window. */
  readonly due: readonly RoleName[];
  /** A fresh id for a signing event. */
  readonly newEventId: () => string;
  /** Where a Sigstore is trusted. */
  readonly identities?: IdentityVerifier | undefined;
}

/** Says which published metadata a revision needs beside what there is; whoever makes it loads that and starts again. */
export class MetadataNotLoaded extends Error {
  override readonly name = 'MetadataNotLoaded';

  constructor(
    readonly roles: readonly RoleName[],
    /** Starts of paths; the roles that list some such path are needed, too. */
    readonly pathPrefixes: readonly string[] = [],
  ) {
    super(`published metadata is needed of ${[...roles, ...pathPrefixes.map((prefix) => `${prefix}…`)].join(', ')}`);
  }
}

export function publishedTree(
  { root, targets, delegated }: PublishedMetadata,
  identities?: IdentityVerifier | undefined,
): DelegationTree {
  const delegations = new Map<RoleName, Delegations>();
  if (targets.signed.delegations) delegations.set(TARGETS, targets.signed.delegations);
  for (const [role, { signed }] of delegated) if (signed.delegations) delegations.set(role, signed.delegations);
  return new DelegationTree(root.signed, delegations, identities);
}
