import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';
import { isStreamed } from './streamed-body.js';

const MAXIMUM_DEPTH = 64;

/** Looks at every body before it is validated. */
export function acceptSoundJsonOnly(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    if (request.body !== undefined && !isStreamed(request)) assertSound(request.body);
    done();
  });
}

/**
 * Refuses JSON so deep that walking it could exhaust the stack; walks level by level itself. Refuses fields named
 * `constructor`, too: validation would leave them out without a word, also of what people signed.
 */
export function assertSound(body: unknown): void {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAXIMUM_DEPTH) throw malformed(`the body is nested deeper than ${MAXIMUM_DEPTH} levels`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? valuesOf(value) : []));
  }
}

function valuesOf(value: object): unknown[] {
  if (Object.hasOwn(value, 'constructor')) throw malformed('the body must have no field named constructor');
  return Object.values(value);
}

function malformed(message: string): ProblemError {
  return new ProblemError(400, 'request-malformed', message);
}
