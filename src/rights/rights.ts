import { type PathLimit, pathCovers, pathMatches } from './path-limit.js';
import { type RepositoryLimit, repositoryCovers, repositoryMatches } from './repository-limit.js';
import { grants, type Scope } from './scope.js';

/** What somebody may do, and where. */
export interface Rights {
  readonly scopes: readonly Scope[];
  /** Null for every repository. */
  readonly repositories: readonly RepositoryLimit[] | null;
  /** The artifacts that may be added, replaced and removed; null for all. */
  readonly paths: readonly PathLimit[] | null;
}

/** How many limits of one kind there may be: each request is compared with all of them. */
export const MAXIMUM_LIMITS = 50;

export function mayUseRepository({ repositories }: Rights, name: string): boolean {
  return repositories === null || repositories.some((limit) => repositoryMatches(limit, name));
}

export function mayWriteArtifact({ scopes, paths }: Rights, path: string): boolean {
  return grants(scopes, 'artifacts:write') && (paths === null || paths.some((limit) => pathMatches(limit, path)));
}

/** The first of `inner` that goes beyond `outer`, for people; null where `outer` allows all of it. */
export function beyond(inner: Rights, outer: Rights): string | null {
  const scope = inner.scopes.find((wanted) => !grants(outer.scopes, wanted));
  if (scope !== undefined) return `the scope ${scope}`;
  const repository = limitBeyond(inner.repositories, outer.repositories, repositoryCovers, 'repository');
  if (repository !== null || !grants(inner.scopes, 'artifacts:write')) return repository;
  return limitBeyond(inner.paths, outer.paths, pathCovers, 'path');
}

function limitBeyond<Limit extends string>(
  inner: readonly Limit[] | null,
  outer: readonly Limit[] | null,
  covers: (outer: Limit, inner: Limit) => boolean,
  noun: string,
): string | null {
  if (outer === null) return null;
  if (inner === null) return `every ${noun}`;
  const limit = inner.find((wanted) => !outer.some((own) => covers(own, wanted)));
  return limit === undefined ? null : `the ${noun} ${limit}`;
}
