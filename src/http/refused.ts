import type { Principal } from './principal.js';
import { type FieldProblem, ProblemError } from './problem.js';

/** Nobody who is known makes the request: every 401 is made here. */
export function unauthorized(): ProblemError {
  return new ProblemError(401, 'unauthorized', 'this needs a valid token: Authorization: Bearer TOKEN');
}

/** What a principal may not do: every 403 is made here. */
export function forbidden(
  code: 'scope-missing' | 'repository-not-allowed' | 'path-not-allowed' | 'rights-exceeded' | 'approval-by-requester',
  message: string,
  errors: readonly FieldProblem[] = [],
): ProblemError {
  return new ProblemError(403, code, message, errors.length > 0 ? { errors } : {});
}

/** @param repository undefined where the route is about all of them. */
export function repositoryNotAllowed(repository: string | undefined): ProblemError {
  const message =
    repository === undefined
      ? 'this is about all repositories, and your access is limited to some'
      : 'your access is limited to other repositories';
  return forbidden('repository-not-allowed', message);
}

/** Before anybody looks for the repository, so that whether it is there is not told. @throws ProblemError 403. */
export function assertMayUseRepository(principal: Principal, name: string): void {
  if (!principal.mayUseRepository(name)) throw repositoryNotAllowed(name);
}

/** @param field where the path stands in the request. @throws ProblemError 403. */
export function assertMayWriteArtifact(principal: Principal, path: string, field: string): void {
  if (principal.mayWriteArtifact(path)) return;
  const rule = 'must be among the paths that your access is limited to';
  throw forbidden('path-not-allowed', `${field} ${rule}`, [{ field, rule }]);
}
