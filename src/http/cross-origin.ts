import cors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Lets pages of these origins use the service from browsers; with none, no browser lets any. */
export async function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'content-encoding', 'idempotency-key', 'if-match', 'prefer'],
    exposedHeaders: ['etag', 'location', 'retry-after'],
    maxAge: 600,
  });
}
