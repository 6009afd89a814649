import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from '../http/accepts-gzip.js';
import { sendProblem } from '../http/problem.filter.js';
import { ProblemError } from '../http/problem.js';
import { varyBy } from '../http/vary.js';
import { metadataLookups } from '../telemetry.js';
import { MetadataCache } from './metadata-cache.service.js';
import { type Representation, SHORT_LIVED } from './representation.js';

export const METADATA_ROUTE = '/repositories/:repository/metadata/:file';

interface MetadataRoute {
  Params: { repository: string; file: string };
}

const MISSING = new ProblemError(404, 'metadata-unknown', 'there is no such metadata file');

/**
 * What TUF clients download: consistent snapshots (specification 6.2), for everyone. A route of Fastify's own: nothing
 * that Nest does for a controller is needed here. Most of what is known is answered before, by `KnownDownloads`.
 */
@Injectable()
export class MetadataFiles implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly cache: MetadataCache,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    const forEveryone = { config: { access: 'public', isDownload: true } } as const;
    fastify.get<MetadataRoute>(METADATA_ROUTE, forEveryone, (request, reply) => this.answer(request, reply));
  }

  // Waits for nothing when the file is known.
  private answer(request: FastifyRequest<MetadataRoute>, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
    const { repository, file } = request.params;
    const gzip = acceptsGzip(request.headers['accept-encoding']);
    const known = this.cache.known(repository, file, gzip);
    metadataLookups.tell({ result: known === undefined ? 'miss' : 'hit' });
    if (known !== undefined) return send(known, request, reply);
    return this.cache.find(repository, file, gzip).then((found) => send(found, request, reply));
  }
}

function send(found: Representation | null, { headers }: FastifyRequest<MetadataRoute>, reply: FastifyReply) {
  if (!found) return sendMissing(reply);
  const { status, headers: told, body } = found.answerTo(headers['if-none-match']);
  const { vary, ...others } = told;
  if (vary !== undefined) varyBy(reply, vary);
  return reply.code(status).headers(others).send(body);
}

// 404, never 403: clients look for the next root and take 404 as "there is none" (specification 5.3.3).
function sendMissing(reply: FastifyReply): FastifyReply {
  sendProblem(MISSING, reply.header('cache-control', SHORT_LIVED));
  return reply;
}
