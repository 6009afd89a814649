import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { AddSignatureDto } from './add-signature.dto.js';
import { SigningEventDto, SigningEventList, signingEventDto } from './signing-event.dto.js';
import { SigningEventsService } from './signing-events.service.js';

@ApiTags('signing events')
@ApiErrors(400, 401, 404, 503)
@ApiParam({ name: 'repository', description: 'The name of the repository.', example: 'demo' })
@Controller('api/v1/repositories/:repository/signing-events')
export class SigningEventsController {
  constructor(
    private readonly events: SigningEventsService,
    private readonly changes: ChangeRecorder,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List metadata versions that wait, or waited, for offline signatures' })
  @ApiOkResponse({ type: SigningEventList })
  async list(@Param('repository', RepositoryPipe) repository: RepositoryRecord): Promise<SigningEventList> {
    return { items: (await this.events.list(repository)).map(signingEventDto) };
  }

  @Get(':event')
  @ApiOperation({ summary: 'Get a signing event with the metadata to sign' })
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiOkResponse({ type: SigningEventDto })
  async get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('event', uuidPipe('event')) id: string,
  ): Promise<SigningEventDto> {
    return signingEventDto(await this.events.get(repository, id));
  }

  @Post(':event/signatures')
  @ApiOperation({ summary: 'Add a signature; the last one that is missing publishes the metadata' })
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async addSignature(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('event', uuidPipe('event')) id: string,
    @Body() body: AddSignatureDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.events.signature(repository, id, body), mutation, reply);
  }
}
