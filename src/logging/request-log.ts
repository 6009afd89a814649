import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { principalOrNull } from '../http/principal.js';

const READING = ['GET', 'HEAD', 'OPTIONS'];
const LONGEST_PATH = 512;

/**
 * Logs what the API was asked. What TUF clients download is left to the proxy, as are the requests of nobody: whoever
 * has no token shall not fill a disk.
 */
export function logRequests(fastify: FastifyInstance): void {
  const logger = new Logger('Request');
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config?.access !== 'public') logger[levelOf(request, reply)](lineOf(request, reply));
    done();
  });
}

function levelOf(request: FastifyRequest, { statusCode }: FastifyReply): 'warn' | 'log' | 'debug' {
  if (statusCode >= 500) return 'warn';
  if (principalOrNull(request) === null) return 'debug';
  return READING.includes(request.method) && statusCode < 400 ? 'debug' : 'log';
}

// Without the query, which is nobody's business; a path names a repository and an artifact.
function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const principal = principalOrNull(request);
  const path = request.url.replace(/\?.*$/s, '').slice(0, LONGEST_PATH);
  return {
    message: `${request.method} ${path} ${reply.statusCode}`,
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    milliseconds: Math.round(reply.elapsedTime),
    address: request.ip,
    principal: principal?.name ?? null,
    credential: principal?.id ?? null,
    task: taskOf(reply),
  };
}

/** The task that the request made, or asked for again: a mutation tells its address. */
function taskOf(reply: FastifyReply): string | null {
  return /\/tasks\/([0-9a-f-]{36})$/.exec(String(reply.getHeader('location') ?? ''))?.[1] ?? null;
}
