import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseUnavailable, isDiskFull } from '../database/database-error.js';
import { KeyVaultError } from '../key-vaults/key-vault.js';
import { logged } from '../logging/logged-error.js';
import { TufError } from '../tuf/errors.js';
import { TooManyRequests } from './bounds/too-many-requests.js';
import { type Problem, type ProblemCode, ProblemError, problem, statusOf } from './problem.js';

const RETRY_AFTER_SECONDS = 5;
const BROKEN_OFF = new ProblemError(400, 'request-malformed', 'the body broke off');

/** Answers every error with a problem document (RFC 9457); what a caller cannot help is logged, not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { errored } = request.raw;
    const isBrokenOff = errored !== null && error === errored; // its caller has gone: nothing of the service has failed
    const problem = sendProblem(isBrokenOff ? BROKEN_OFF : error, http.getResponse<FastifyReply>());
    if (!problem || problem.status < 500) return;
    this.logger.error(...logged(problem.detail, error, { requestId: request.id }));
  }
}

/** Sends the problem document for an error, unless an answer is under way already. */
export function sendProblem(error: unknown, reply: FastifyReply): Problem | null {
  if (reply.raw.headersSent) return null;
  const problem = problemOf(error);
  codes.set(reply, problem.code);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (error instanceof TooManyRequests) reply.header('retry-after', error.retryAfterSeconds);
  reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  return problem;
}

const codes = new WeakMap<FastifyReply, ProblemCode>();

/** The code of the problem document that was sent, or null where there was none. */
export function problemCodeOf(reply: FastifyReply): ProblemCode | null {
  return codes.get(reply) ?? null;
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return problem(error.status, error.code, error.message, error.more);
  if (error instanceof TufError) return tufProblem(error);
  if (error instanceof HttpException) return httpProblem(error);
  if (isDiskFull(error) || (error instanceof KeyVaultError && isDiskFull(error.cause))) {
    return problem(503, 'storage-full', 'There is no space left on the disk; nothing was changed.');
  }
  if (error instanceof KeyVaultError) {
    return problem(503, 'key-vault-unavailable', 'The key vault cannot do this now; see the log.');
  }
  if (isDatabaseUnavailable(error)) {
    return problem(
      503,
      'database-unavailable',
      'The database does not take this now; ask again, with the same Idempotency-Key.',
    );
  }
  return fastifyProblem(error) ?? problem(500, 'internal-error', 'The service failed on this request; see its log.');
}

function tufProblem({ code, message, field }: TufError): Problem {
  const errors = field === undefined ? {} : { errors: [{ field, rule: message.replace(`${field} `, '') }] };
  return problem(statusOf(code), code, message, errors);
}

const HTTP_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'request-malformed',
  401: 'unauthorized',
  404: 'route-unknown',
  405: 'method-not-allowed',
  413: 'request-too-large',
  414: 'request-too-large',
  415: 'media-type-unsupported',
};

function httpProblem(error: HttpException): Problem {
  const status = notForbidden(error.getStatus());
  return problem(status, HTTP_CODES[status] ?? 'internal-error', error.message);
}

// Fastify refuses malformed and oversized bodies before a controller sees them.
function fastifyProblem(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  const status = notForbidden(error.statusCode);
  const code = HTTP_CODES[status];
  return code ? problem(status, code, error.message) : null;
}

/** The files of Swagger UI answer 403 to a path that cannot be one of them; to a caller that is 404. */
function notForbidden(status: number): number {
  return status === 403 ? 404 : status;
}
