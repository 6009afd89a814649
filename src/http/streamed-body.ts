import type { Readable } from 'node:stream';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';
import { withRouteSettings } from './route-rule.js';

export type StreamedMediaType = 'application/x-ndjson' | 'text/csv';

const MEDIA_TYPES: readonly StreamedMediaType[] = ['application/x-ndjson', 'text/csv'];

/** Marks a route whose body is handed on as a stream of bytes, of any length. */
export function StreamedBody(description: string): MethodDecorator {
  return applyDecorators(
    withRouteSettings({ isStreamed: true }),
    ApiConsumes(...MEDIA_TYPES),
    ApiBody({ description, schema: { type: 'string', format: 'binary' } }),
  );
}

/** Has the bodies of marked routes, and of no others, handed on as streams. */
export function acceptStreams(fastify: FastifyInstance): void {
  fastify.addContentTypeParser([...MEDIA_TYPES], (request, body, done) => {
    if (isStreamed(request)) done(null, body);
    else done(mediaTypeUnsupported());
  });
}

/** @throws ProblemError `media-type-unsupported` for a body of another kind. */
export function mediaTypeOf(request: FastifyRequest): StreamedMediaType {
  const [given] = (request.headers['content-type'] ?? '').split(';');
  const type = MEDIA_TYPES.find((known) => known === given?.trim().toLowerCase());
  if (!type) throw mediaTypeUnsupported();
  return type;
}

/** The body as it was sent, on a marked route. */
export function bodyStream({ body }: FastifyRequest): Readable {
  return body as Readable; // the parser above handed it on
}

export function isStreamed({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isStreamed === true;
}

function mediaTypeUnsupported(): ProblemError {
  return new ProblemError(415, 'media-type-unsupported', 'the body is of a media type that this route does not read');
}
