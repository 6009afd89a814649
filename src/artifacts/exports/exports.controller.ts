import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArtifactStore } from '../../database/artifact.store.js';
import type { ImportFormat } from '../../database/artifact-import.js';
import type { RepositoryRecord } from '../../database/repository.store.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { ApiRepository } from '../../http/api-repository.decorator.js';
import { RepositoryPipe } from '../../http/repository.pipe.js';
import { Requires } from '../../http/requires.decorator.js';
import { sendText } from '../../http/streamed-answer.js';
import { varyBy } from '../../http/vary.js';
import { ArtifactDto } from '../artifact.dto.js';
import { artifactLines } from './artifact-lines.js';
import { ExportQuery } from './export.query.js';

const MEDIA_TYPES: Readonly<Record<ImportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

@ApiTags('artifacts')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/artifacts')
export class ExportsController {
  constructor(private readonly artifacts: ArtifactStore) {}

  @Get('export')
  @Requires('artifacts:read')
  @ApiOperation({ summary: 'Export all published artifacts as a stream that can be imported' })
  @ApiExtraModels(ArtifactDto)
  @ApiOkResponse({
    description: 'In code point order of the paths; what is published meanwhile may be in it or not.',
    content: {
      'application/x-ndjson': { schema: { type: 'array', items: { $ref: getSchemaPath(ArtifactDto) } } },
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    },
  })
  async export(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: ExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = query.format ?? formatAccepted(request.headers.accept);
    if (query.format === undefined) varyBy(reply, 'accept');
    await sendText(request, reply, MEDIA_TYPES[format], artifactLines(format, this.artifacts.pages(repository.id)));
  }
}

function formatAccepted(accept = ''): ImportFormat {
  const asksForCsv = /(?:^|,)\s*text\/csv\s*(?:[;,]|$)/i.test(accept);
  return asksForCsv && !accept.toLowerCase().includes('application/x-ndjson') ? 'csv' : 'ndjson';
}
