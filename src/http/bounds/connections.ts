import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpSettings } from './http-settings.js';

const KEEP_ALIVE_MS = 72_000;
const HEADERS_MS = 10_000;
const LOOK_MS = 2_000;

/** For the server: how long callers may take to say what they want, and whom it believes where they are. */
export function serverOptions({ idleTimeoutMs, trustedProxies }: HttpSettings) {
  return {
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: idleTimeoutMs,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_MS },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
  };
}

/** Connections beyond these are dropped, so that descriptors are left for the database and for files. */
export function limitConnections(app: NestFastifyApplication, { maximumConnections }: HttpSettings): void {
  app.getHttpServer().maxConnections = maximumConnections;
}
