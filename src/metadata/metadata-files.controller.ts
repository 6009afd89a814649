import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';
import { Public } from '../http/public.decorator.js';
import { isRepositoryName } from '../http/repository-name.js';
import { MetadataCache, parseFileName, type ServedFile } from './metadata-cache.service.js';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT_LIVED = 'public, max-age=1, must-revalidate';

/** What TUF clients download: consistent snapshots (specification 6.2), for everyone. */
@ApiExcludeController()
@Controller('repositories/:repository/metadata')
export class MetadataFilesController {
  constructor(private readonly cache: MetadataCache) {}

  @Get('timestamp.json')
  @Public()
  async timestamp(
    @Param('repository') repository: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = isRepositoryName(repository) ? await this.cache.timestamp(repository) : null;
    send(file, SHORT_LIVED, request, reply);
  }

  @Get(':file')
  @Public()
  async version(
    @Param('repository') repository: string,
    @Param('file') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = isRepositoryName(repository) ? parseFileName(name) : null;
    const file = wanted && (await this.cache.version(repository, wanted.role, wanted.version));
    send(file, IMMUTABLE, request, reply);
  }
}

// 404, never 403: clients look for the next root and take 404 as "there is none" (specification 5.3.3).
function send(file: ServedFile | null, cacheControl: string, { headers }: FastifyRequest, reply: FastifyReply): void {
  if (!file) {
    reply.header('cache-control', SHORT_LIVED);
    throw new ProblemError(404, 'metadata-unknown', 'there is no such metadata file');
  }
  const gzipped = acceptsGzip(headers['accept-encoding']) ? file.gzipped : null;
  const etag = `"${file.sha256}${gzipped ? '-gzip' : ''}"`;
  reply.header('etag', etag).header('cache-control', cacheControl);
  if (file.gzipped) reply.header('vary', 'accept-encoding');
  if (matches(headers['if-none-match'], etag)) {
    reply.status(304).send();
    return;
  }
  if (gzipped) reply.header('content-encoding', 'gzip');
  reply.header('content-type', 'application/json').send(gzipped ?? file.bytes);
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
