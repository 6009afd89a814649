import type { Change } from './change.js';
import { delegatedRoleNames, roleForPath } from './delegation.js';
import type { IdentityVerifier } from './identity-key.js';
import type { KeyId } from './key.js';
import type { Root, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import type { RoleName } from './role-name.js';
import { sameSigners } from './root-trust.js';
import type { RepositorySettings } from './settings.js';

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
  /** The roles named by {@link delegatedRolesConcerned}; a repository has many more. */
  readonly delegated: ReadonlyMap<RoleName, SignedMetadata<Targets>>;
}

/** A metadata version that waits for offline signatures. */
export interface SigningEvent {
  readonly id: string;
  readonly state: SigningEventState;
  readonly metadata: SignedMetadata<Root>;
  /** Why it was withdrawn, or what superseded it. */
  readonly reason: string | null;
}

export type SigningEventState = 'open' | 'completed' | 'superseded' | 'withdrawn';

export interface RevisionContext {
  readonly now: Date;
  /** Keys whose private half a key vault of this service signs with. */
  readonly onlineKeys: ReadonlySet<KeyId>;
  /** Roles inside their renewal window. */
  readonly due: readonly RoleName[];
  /** Where a Sigstore is trusted. */
  readonly identities?: IdentityVerifier | undefined;
}

/** The delegated roles whose current version is needed to apply `changes` and to renew what is due. */
export function delegatedRolesConcerned(
  { root, targets }: Pick<PublishedMetadata, 'root' | 'targets'>,
  openEvents: readonly SigningEvent[],
  changes: readonly Change[],
  due: readonly RoleName[],
): Set<RoleName> {
  const { delegations } = targets.signed;
  const all = delegatedRoleNames(delegations);
  if (changes.some((change) => concernsEveryRole(change, root.signed, openEvents))) return new Set(all);
  const renewed = new Set([...due, ...changes.flatMap((change) => (change.kind === 'resign' ? change.roles : []))]);
  const concerned = new Set(all.filter((role) => renewed.has(role)));
  for (const path of changes.flatMap(pathsOf)) {
    const role = roleForPath(delegations, path);
    if (role) concerned.add(role);
  }
  return concerned;
}

// Who signs targets signs the bins, so a root with another signer for targets has every bin signed again.
function concernsEveryRole(change: Change, root: Root, openEvents: readonly SigningEvent[]): boolean {
  switch (change.kind) {
    case 'resign':
      return change.roles.length === 0;
    case 'set-root':
      return !sameSigners(root, change.root.signed, 'targets');
    case 'add-signature': {
      const event = openEvents.find(({ id }) => id === change.signingEvent);
      return event !== undefined && !sameSigners(root, event.metadata.signed, 'targets');
    }
    case 'withdraw-signing-event':
    case 'add-artifacts':
    case 'remove-artifacts':
      return false;
    default:
      return change satisfies never;
  }
}

function pathsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'add-artifacts':
      return change.artifacts.map(({ path }) => path);
    case 'remove-artifacts':
      return change.paths;
    case 'set-root':
    case 'add-signature':
    case 'withdraw-signing-event':
    case 'resign':
      return [];
    default:
      return change satisfies never;
  }
}
