import { ProblemError } from '../http/problem.js';
import { type PathLimit, reasonAgainstPathLimit } from '../rights/path-limit.js';
import { type RepositoryLimit, reasonAgainstRepositoryLimit } from '../rights/repository-limit.js';
import type { Rights } from '../rights/rights.js';
import { grants, type Scope } from '../rights/scope.js';
import type { GivenRightsDto } from './rights.dto.js';

/** These change artifacts of any path by the way, so that limits of paths would not hold. */
const AROUND_PATHS: readonly Scope[] = ['roles:write'];

/** @throws ProblemError naming each limit that is none, and limits that would not hold. */
export function parseRights({ scopes, repositories, paths }: GivenRightsDto): Rights {
  const given = [...new Set(scopes)];
  if (paths !== undefined) assertPathsHold(given);
  return {
    scopes: given,
    repositories: parseLimits<RepositoryLimit>(repositories, 'repositories', reasonAgainstRepositoryLimit),
    paths: parseLimits<PathLimit>(paths, 'paths', reasonAgainstPathLimit),
  };
}

function assertPathsHold(scopes: readonly Scope[]): void {
  if (!grants(scopes, 'artifacts:write')) throw invalid('paths', 'must not be given without the scope artifacts:write');
  const around = AROUND_PATHS.find((scope) => grants(scopes, scope));
  if (around === undefined) return;
  const holder = scopes.includes(around) ? around : 'admin';
  throw invalid('paths', `must not be given beside the scope ${holder}, which changes artifacts of every path`);
}

function parseLimits<Limit extends string>(
  given: readonly string[] | undefined,
  field: string,
  reasonAgainst: (text: string) => string | null,
): readonly Limit[] | null {
  if (given === undefined) return null;
  for (const [index, text] of given.entries()) {
    const rule = reasonAgainst(text);
    if (rule !== null) throw invalid(`${field}[${index}]`, rule);
  }
  return [...new Set(given)] as Limit[];
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
