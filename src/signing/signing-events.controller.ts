import { Body, Controller, Get, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { AddSignatureDto } from './add-signature.dto.js';
import { ListSigningEventsQuery } from './list-signing-events.query.js';
import { SigningEventDto, SigningEventPage } from './signing-event.dto.js';
import { SigningEventsService } from './signing-events.service.js';
import { WithdrawSigningEventDto } from './withdraw-signing-event.dto.js';

@ApiTags('signing events')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/signing-events')
export class SigningEventsController {
  constructor(
    private readonly events: SigningEventsService,
    private readonly changes: ChangeRecorder,
  ) {}

  @Get()
  @Requires('signing-events:read')
  @ApiOperation({ summary: 'List metadata versions that wait, or waited, for offline signatures' })
  @ApiOkResponse({ type: SigningEventPage })
  list(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: ListSigningEventsQuery,
  ): Promise<SigningEventPage> {
    return this.events.list(repository, query);
  }

  @Get(':event')
  @Requires('signing-events:read')
  @ApiOperation({ summary: 'Get a signing event: what it changes, who signed, who may, and the metadata' })
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiOkResponse({ type: SigningEventDto })
  get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('event', uuidPipe('event')) id: string,
  ): Promise<SigningEventDto> {
    return this.events.show(repository, id);
  }

  @Get(':event/payload')
  @Requires('signing-events:read')
  @ApiOperation({ summary: 'Download the very bytes to sign, e.g. with openssl on a machine without a network' })
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({
    description: 'The canonical JSON of the signed part.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  async payload(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('event', uuidPipe('event')) id: string,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.events.payload(repository, id));
  }

  @Post(':event/withdrawal')
  @Requires('signing-events:write')
  @ApiOperation({ summary: 'Withdraw a signing event; the version in force stays' })
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async withdraw(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('event', uuidPipe('event')) id: string,
    @Body() { reason }: WithdrawSigningEventDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.events.withdrawal(repository, id, reason), mutation, reply);
  }

  @Post(':event/signatures')
  @Requires('signatures:write')
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
