import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RepositoryRecord } from '../../database/repository.store.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { ApiRepository } from '../../http/api-repository.decorator.js';
import { ApiMutation, type Mutation, MutationOf } from '../../http/mutation.js';
import { ReadyRepositoryPipe } from '../../http/ready-repository.pipe.js';
import { StreamedBody } from '../../http/streamed-body.js';
import { TaskDto } from '../../tasks/task.dto.js';
import { ImportsService } from './imports.service.js';

@ApiTags('artifacts')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/artifacts')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post('import')
  @ApiOperation({ summary: 'Import any number of artifacts from a stream' })
  @StreamedBody('NDJSON, each line an artifact as in `POST artifacts`; or CSV: `path,length,sha256[,sha512,custom]`.')
  @ApiHeader({
    name: 'Content-Encoding',
    required: false,
    schema: { type: 'string', enum: ['gzip'] },
    description: 'Where the body is compressed.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 415)
  receive(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Req() request: FastifyRequest,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.imports.receive(repository, request, mutation, reply);
  }
}
