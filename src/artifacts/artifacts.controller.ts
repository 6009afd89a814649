import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryIdentity, RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { LargeBody } from '../http/bounds/body-limit.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { type Principal, PrincipalOf } from '../http/principal.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { RepositoryIdentityPipe } from '../http/repository-identity.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { AddArtifactsDto } from './add-artifacts.dto.js';
import { ArtifactPage, PublishedArtifactDto } from './artifact.dto.js';
import { ArtifactsService } from './artifacts.service.js';
import { ListArtifactsQuery } from './list-artifacts.query.js';
import { RemoveArtifactsDto } from './remove-artifacts.dto.js';

const PATH_PARAMETER = {
  name: 'path',
  description: 'The path of the artifact, percent-encoded: `/` as `%2F`.',
  example: 'app/1.0/app.tar.gz',
};

@ApiTags('artifacts')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/artifacts')
export class ArtifactsController {
  constructor(
    private readonly artifacts: ArtifactsService,
    private readonly changes: ChangeRecorder,
  ) {}

  @Post()
  @Requires('artifacts:write')
  @LargeBody()
  @ApiOperation({ summary: 'Add or replace artifacts' })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  add(
    @Param('repository', RepositoryIdentityPipe) repository: RepositoryIdentity,
    @Body() body: AddArtifactsDto,
    @PrincipalOf() principal: Principal,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.recordAddition(repository, this.artifacts.addition(body, principal), mutation, reply);
  }

  @Post('removals')
  @Requires('artifacts:write')
  @LargeBody()
  @ApiOperation({ summary: 'Remove artifacts' })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  removeMany(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Body() body: RemoveArtifactsDto,
    @PrincipalOf() principal: Principal,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, this.artifacts.removal(body, principal), mutation, reply);
  }

  @Delete(':path')
  @Requires('artifacts:write')
  @ApiOperation({ summary: 'Remove one artifact' })
  @ApiParam(PATH_PARAMETER)
  @ApiMutation(TaskDto)
  @ApiErrors(409)
  remove(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('path') path: string,
    @PrincipalOf() principal: Principal,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, this.artifacts.removal({ paths: [path] }, principal), mutation, reply);
  }

  @Get()
  @Requires('artifacts:read')
  @ApiOperation({ summary: 'List published artifacts by prefix' })
  @ApiOkResponse({ type: ArtifactPage })
  list(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: ListArtifactsQuery,
  ): Promise<ArtifactPage> {
    return this.artifacts.list(repository, query);
  }

  @Get(':path')
  @Requires('artifacts:read')
  @ApiOperation({ summary: 'Get one published artifact' })
  @ApiParam(PATH_PARAMETER)
  @ApiOkResponse({ type: PublishedArtifactDto })
  get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('path') path: string,
  ): Promise<PublishedArtifactDto> {
    return this.artifacts.get(repository, path);
  }
}
