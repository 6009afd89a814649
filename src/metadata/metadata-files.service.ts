import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../http/problem.filter.js';
import { ProblemError } from '../http/problem.js';
import { metadataLookups } from '../telemetry.js';
import { MetadataCache } from './metadata-cache.service.js';
import { type Representation, SHORT_LIVED } from './representation.js';

interface MetadataRoute {
  Params: { repository: string; file: string };
}

const MISSING = new ProblemError(404, 'metadata-unknown', 'there is no such metadata file');

/**
 * What TUF clients download: consistent snapshots (specification 6.2), for everyone. A route of Fastify's own: nothing
 * that Nest does for a controller is needed here, and it takes a third of the time of an answer from the cache.
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
    fastify.get<MetadataRoute>('/repositories/:repository/metadata/:file', forEveryone, (request, reply) =>
      this.answer(request, reply),
    );
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
  if (matches(headers['if-none-match'], found.etag)) {
    return reply.code(304).headers(found.headersIfUnmodified).send();
  }
  return reply.headers(found.headers).send(found.body);
}

// 404, never 403: clients look for the next root and take 404 as "there is none" (specification 5.3.3).
function sendMissing(reply: FastifyReply): FastifyReply {
  sendProblem(MISSING, reply.header('cache-control', SHORT_LIVED));
  return reply;
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(header ?? ''));
}

// RFC 9110 13.1.2: weak comparison.
function matches(header: string | undefined, etag: string): boolean {
  return (
    header?.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//, '') === etag) ??
    false
  );
}
