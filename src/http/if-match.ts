import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** The tag that a change was decided on, or null where the caller does not mind. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const header = headers['if-match'];
  if (header === undefined || header === '*') return null;
  const tag = /^"([0-9a-f]{32})"$/.exec(header)?.[1];
  if (tag) return tag;
  const rule = 'must be an ETag that this service gave out here';
  throw new ProblemError(400, 'request-invalid', `If-Match ${rule}`, { errors: [{ field: 'If-Match', rule }] });
});

export function ApiIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      schema: { type: 'string', pattern: '^(\\*|"[0-9a-f]{32}")$' },
      description: 'The ETag of what the change was decided on; when it was changed since, the change is refused.',
    }),
  );
}

export function sendTag(reply: FastifyReply, tag: string): void {
  reply.header('etag', `"${tag}"`);
}
