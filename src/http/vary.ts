import type { FastifyReply } from 'fastify';

/** Adds to the fields of requests on which the answer depends (RFC 9110, 12.5.5); CORS has its own there. */
export function varyBy(reply: FastifyReply, field: string): void {
  const before = reply.getHeader('vary');
  reply.header('vary', before === undefined ? field : `${before}, ${field}`);
}
