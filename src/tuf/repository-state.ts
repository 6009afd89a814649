import type { Change } from './change.js';
import { delegatedRoleNames, roleForPath } from './delegation.js';
import type { KeyId } from './key.js';
import type { Root, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import type { RoleName } from './role-name.js';
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
  readonly state: 'open' | 'completed';
  readonly metadata: SignedMetadata<Root>;
}

export interface RevisionContext {
  readonly now: Date;
  /** Keys whose private half a key vault of this service signs with. */
  readonly onlineKeys: ReadonlySet<KeyId>;
  /** Roles inside their renewal window. */
  readonly due: readonly RoleName[];
}

/** The delegated roles whose current version is needed to apply `changes` and to renew what is due. */
export function delegatedRolesConcerned(
  targets: Targets,
  changes: readonly Change[],
  due: readonly RoleName[],
): Set<RoleName> {
  const renewed = new Set([...due, ...changes.flatMap((change) => rolesToResign(targets, change))]);
  const concerned = new Set(delegatedRoleNames(targets.delegations).filter((role) => renewed.has(role)));
  for (const path of changes.flatMap(pathsOf)) {
    const role = roleForPath(targets.delegations, path);
    if (role) concerned.add(role);
  }
  return concerned;
}

function rolesToResign(targets: Targets, change: Change): readonly RoleName[] {
  if (change.kind !== 'resign') return [];
  return change.roles.length > 0 ? change.roles : delegatedRoleNames(targets.delegations);
}

function pathsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'add-artifacts':
      return change.artifacts.map(({ path }) => path);
    case 'remove-artifacts':
      return change.paths;
    case 'set-root':
    case 'add-signature':
    case 'resign':
      return [];
    default:
      return change satisfies never;
  }
}
