import type { PublicationReader } from '../database/publication-reader.js';
import type { RequestedChange } from '../tuf/change.js';
import { rolesNeeded } from '../tuf/metadata-needed.js';
import {
  MetadataNotLoaded,
  type PublishedMetadata,
  publishedTree,
  type RepositoryState,
  type RevisionContext,
} from '../tuf/repository-state.js';
import { type RevisionPlan, revisionSteps } from '../tuf/revision.js';
import type { RoleName } from '../tuf/role-name.js';
import { inTurns } from './turns.js';

export interface PlannedRevision {
  readonly plan: RevisionPlan;
  /** What it was made from. */
  readonly state: RepositoryState;
}

/** Works out the next revision, and loads what that turns out to need of what is published. */
export async function planRevision(
  read: PublicationReader,
  known: RepositoryState,
  changes: readonly RequestedChange[],
  context: RevisionContext,
): Promise<PlannedRevision> {
  let state = await withFirstNeeds(read, known, changes, context);
  for (;;) {
    try {
      return { plan: await inTurns(revisionSteps(state, changes, context)), state };
    } catch (error) {
      if (!(error instanceof MetadataNotLoaded) || !state.published) throw error;
      state = { ...state, published: await withMetadata(read, state.published, error.roles, error.pathPrefixes) };
    }
  }
}

async function withFirstNeeds(
  read: PublicationReader,
  state: RepositoryState,
  requested: readonly RequestedChange[],
  { due }: RevisionContext,
): Promise<RepositoryState> {
  const { published } = state;
  if (!published) return state;
  const changes = requested.map(({ change }) => change);
  const needed = await inTurns(rolesNeeded(publishedTree(published), changes, due));
  return { ...state, published: await withMetadata(read, published, [...needed], []) };
}

async function withMetadata(
  read: PublicationReader,
  published: PublishedMetadata,
  roles: readonly RoleName[],
  prefixes: readonly string[],
): Promise<PublishedMetadata> {
  const listing = new Map(published.listing);
  for (const prefix of prefixes) listing.set(prefix, await read.rolesListing(prefix));
  const wanted = new Set([...roles, ...[...listing.values()].flat()].filter((role) => !published.delegated.has(role)));
  if (wanted.size === 0) return { ...published, listing };
  const loaded = await read.delegatedRoles(wanted, published.snapshot.signed);
  return { ...published, listing, delegated: new Map([...published.delegated, ...loaded]) };
}
