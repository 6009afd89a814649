import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from '@nestjs/swagger';
import { Problem } from './problem.js';

const REASONS: Readonly<Record<number, string>> = {
  400: 'The request breaks a rule; `code` and `errors` say which.',
  401: 'The token is missing, unknown, expired or revoked.',
  403: 'The token does not allow it; `code` says whether its scopes, repositories or paths are in the way.',
  404: 'There is no such thing.',
  409: 'What is there already does not allow it.',
  412: 'It was changed since it was read: the ETag in If-Match is not its ETag any more.',
  408: 'The body did not arrive in time.',
  413: 'The body is larger than the route accepts.',
  415: 'The body must be JSON.',
  429: 'Too much is asked at once; try again after `Retry-After` seconds.',
  431: 'The address and the headers are longer than 16 KiB together.',
  503: 'The database or the key vault is not available; try again after `Retry-After` seconds.',
};

/** Documents the problem documents that a route may answer with; where there are tokens, they may not be enough. */
export function ApiErrors(...statuses: number[]): ClassDecorator & MethodDecorator {
  const all = statuses.includes(401) ? [...statuses, 403, 429] : statuses;
  const responses = [...all, 431].map((status) =>
    ApiResponse({
      status,
      description: REASONS[status] ?? 'A problem.',
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${Problem.name}` } } },
    }),
  );
  return applyDecorators(ApiExtraModels(Problem), ...responses);
}
