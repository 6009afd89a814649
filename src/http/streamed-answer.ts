import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from './accepts-gzip.js';
import { varyBy } from './vary.js';

/** Most of what the best one saves, in a third of its time. */
const GZIP_LEVEL = 4;

/**
 * Sends text as it is made and no faster than the caller takes it, compressed where the caller accepts that. A failure
 * before the first of it is a problem like any other; a later one breaks the answer off, so that it cannot pass for whole.
 */
export async function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  mediaType: string,
  parts: AsyncGenerator<string>,
): Promise<void> {
  const first = await parts.next();
  const text = Readable.from(first.done ? [''] : resumed(first.value, parts));
  reply.header('content-type', mediaType);
  varyBy(reply, 'accept-encoding');
  if (!acceptsGzip(request.headers['accept-encoding'])) {
    reply.send(text);
    return;
  }
  reply.header('content-encoding', 'gzip');
  reply.send(pipeline(text, createGzip({ level: GZIP_LEVEL }), () => undefined)); // Fastify is told of its errors
}

async function* resumed(first: string, others: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* others;
}
