import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const HEADER = 'x-request-id';
/** Of a proxy before the service: nothing that could pass for something else in a log. */
const ACCEPTED = /^[A-Za-z0-9_.-]{8,128}$/;

/** The id that a proxy gave, or one of our own. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}

/** Tells callers of the API the id under which the log speaks of their request. */
export function tellRequestIds(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config?.access !== 'public') reply.header(HEADER, request.id);
    done();
  });
}
