import { ProblemError } from './problem.js';

const MAXIMUM_DEPTH = 64;

/** Refuses JSON so deep that walking it could exhaust the stack; walks level by level itself. */
export function assertShallow(body: unknown): void {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAXIMUM_DEPTH) {
      throw new ProblemError(400, 'request-malformed', `the body is nested deeper than ${MAXIMUM_DEPTH} levels`);
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
