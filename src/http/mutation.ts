import { hash } from 'node:crypto';
import { applyDecorators, createParamDecorator, type ExecutionContext, HttpCode } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiQuery,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../audit-chain/audit-entry.js';
import { originOf } from './origin.js';
import { Problem, ProblemError } from './problem.js';
import { isStreamed } from './streamed-body.js';

/** What every request that changes something carries beside its body. */
export interface Mutation {
  readonly origin: Origin;
  readonly idempotencyKey: string | null;
  readonly requestDigest: string;
  /** How long the caller is willing to wait for the change to be visible. */
  readonly waitSeconds: number;
}

export const MAXIMUM_WAIT_SECONDS = 300;

/** Reads `Idempotency-Key`, `?wait=` and `Prefer: wait=` off a request. */
export const MutationOf = createParamDecorator((_: unknown, context: ExecutionContext): Mutation => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    origin: originOf(request),
    idempotencyKey: idempotencyKeyOf(request),
    requestDigest: digestOf(request),
    waitSeconds: waitSecondsOf(request),
  };
});

/** Documents a route that answers with a task. */
export function ApiMutation(task: new () => object): MethodDecorator {
  return applyDecorators(
    HttpCode(202),
    ApiQuery({
      name: 'wait',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: MAXIMUM_WAIT_SECONDS },
      description: 'Seconds to wait for the change to be visible to clients; then 200, or 422 when it was refused.',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
      description: 'Repeating a request with the same key returns the task of the first one, as long as that is kept.',
    }),
    ApiAcceptedResponse({
      type: task,
      description: 'The change is recorded durably; follow the task at `Location`.',
      headers: { Location: { description: 'The address of the task.', schema: { type: 'string' } } },
    }),
    ApiOkResponse({
      type: task,
      description: 'With `wait`: the change is visible to clients. What waits for signatures of people answers 202.',
    }),
    ApiUnprocessableEntityResponse({
      description:
        'With `wait`: the change, or a part of it, was refused. Or the idempotency key was used for another request.',
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${Problem.name}` } } },
    }),
  );
}

/** @throws ProblemError unless it is a whole number of seconds within bounds. */
export function parseWait(text: string, field: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MAXIMUM_WAIT_SECONDS) return seconds;
  throw invalid(field, `must be a whole number of seconds from 0 to ${MAXIMUM_WAIT_SECONDS}`);
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalid('Idempotency-Key', 'must be 1 to 255 printable ASCII characters');
}

function digestOf(request: FastifyRequest): string {
  const { method, routeOptions, params, query, body } = request;
  const { wait: _, ...asked } = query as Record<string, unknown>; // how long the caller waits asks for nothing else
  const text = JSON.stringify([method, routeOptions.url, params, asked, isStreamed(request) ? null : body]);
  return hash('sha256', text);
}

function waitSecondsOf({ query, headers }: FastifyRequest): number {
  const wait = (query as Record<string, unknown>).wait;
  if (wait !== undefined) return parseWait(String(wait), 'wait');
  const preferred = /(?:^|[,;\s])wait=(\d+)/.exec(String(headers.prefer ?? ''))?.[1];
  return preferred === undefined ? 0 : Math.min(Number(preferred), MAXIMUM_WAIT_SECONDS); // RFC 7240: a preference, no demand
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
