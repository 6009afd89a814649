import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RepositoryRecord } from '../../database/repository.store.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { ApiRepository } from '../../http/api-repository.decorator.js';
import { ApiMutation, type Mutation, MutationOf } from '../../http/mutation.js';
import { ReadyRepositoryPipe } from '../../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../../http/repository.pipe.js';
import { Requires } from '../../http/requires.decorator.js';
import { sendText } from '../../http/streamed-answer.js';
import { StreamedBody } from '../../http/streamed-body.js';
import { uuidPipe } from '../../http/uuid.pipe.js';
import { TaskDto } from '../../tasks/task.dto.js';
import { ImportsService } from './imports.service.js';
import { LineRefusalDto } from './line-refusal.dto.js';

@ApiTags('artifacts')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/artifacts')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post('import')
  @Requires('artifacts:write')
  @ApiOperation({ summary: 'Import any number of artifacts from a stream' })
  @StreamedBody('NDJSON, each line an artifact as in `POST artifacts`; or CSV: `path,length,sha256[,sha512,custom]`.')
  @ApiHeader({
    name: 'Content-Encoding',
    required: false,
    schema: { type: 'string', enum: ['gzip'] },
    description: 'Where the body is compressed.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(408, 409, 415)
  receive(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Req() request: FastifyRequest,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.imports.receive(repository, request, mutation, reply);
  }

  @Get('imports/:task/refusals')
  @Requires('artifacts:read')
  @ApiOperation({ summary: 'Get the lines of an import that were refused, and why' })
  @ApiParam({ name: 'task', format: 'uuid', description: 'The id of the task of the import.' })
  @ApiExtraModels(LineRefusalDto)
  @ApiOkResponse({
    description: 'NDJSON, one refused line of the import in each line, in their order: those that are known so far.',
    content: {
      'application/x-ndjson': { schema: { type: 'array', items: { $ref: getSchemaPath(LineRefusalDto) } } },
    },
  })
  async refusals(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('task', uuidPipe('task')) task: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendText(request, reply, 'application/x-ndjson', this.imports.refusals(repository, task));
  }
}
