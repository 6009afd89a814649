import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { principalOrNull } from '../http/principal.js';
import { problemCodeOf } from '../http/problem.filter.js';
import { isRepositoryName } from '../http/repository-name.js';
import type { RefusedAttemptRecorder } from './refused-attempt-recorder.service.js';
import type { RefusedAttempt } from './refused-attempts.js';

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** Has every request that is turned away noted: changes that break a rule, and whatever lacks the right to be asked. */
export function auditRefusals(fastify: FastifyInstance, recorder: RefusedAttemptRecorder): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    if (isRefused(request, reply)) recorder.note(attemptOf(request, reply));
    done();
  });
}

function isRefused(request: FastifyRequest, reply: FastifyReply): boolean {
  const { statusCode } = reply;
  if (statusCode === 401 || statusCode === 403) return true;
  if (statusCode < 400 || statusCode >= 500 || READING.includes(request.method)) return false;
  if (!request.routeOptions.url?.startsWith('/api/')) return false;
  return problemCodeOf(reply) !== 'change-refused'; // that one was recorded as a task, and its settlement says it
}

function attemptOf(request: FastifyRequest, reply: FastifyReply): RefusedAttempt {
  const principal = principalOrNull(request);
  const { repository } = (request.params ?? {}) as Readonly<Record<string, unknown>>;
  return {
    principal: principal?.name ?? null,
    credential: principal?.id ?? null,
    address: request.ip,
    method: request.method,
    route: request.routeOptions.url ?? null,
    repository: typeof repository === 'string' && isRepositoryName(repository) ? repository : null,
    status: reply.statusCode,
    code: problemCodeOf(reply),
  };
}
