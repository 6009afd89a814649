import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { LargeBody } from '../http/bounds/body-limit.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { PageQuery } from '../http/pagination.js';
import { type Principal, PrincipalOf } from '../http/principal.js';
import { assertMayUseRepository } from '../http/refused.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires, RequiresAndConfines } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { CreateRepositoryDto } from './create-repository.dto.js';
import { RepositoriesService } from './repositories.service.js';
import { RepositoryDto, RepositoryPage } from './repository.dto.js';

@ApiTags('repositories')
@ApiErrors(400, 401, 503)
@Controller('api/v1/repositories')
export class RepositoriesController {
  constructor(
    private readonly repositories: RepositoriesService,
    private readonly changes: ChangeRecorder,
  ) {}

  @Post()
  @RequiresAndConfines('repositories:write')
  @LargeBody()
  @ApiOperation({
    summary: 'Create a repository from a root signed offline',
    description:
      'Creates targets, its hash bins, snapshot and timestamp, signed by the online keys that root names. A root with too few signatures opens a signing event instead.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async create(
    @Body() body: CreateRepositoryDto,
    @PrincipalOf() principal: Principal,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    assertMayUseRepository(principal, body.name);
    return this.changes.answer(body.name, await this.repositories.create(body, mutation), mutation, reply);
  }

  @Get()
  @RequiresAndConfines('repositories:read')
  @ApiOperation({ summary: 'List repositories' })
  @ApiOkResponse({ type: RepositoryPage })
  list(@Query() query: PageQuery, @PrincipalOf() principal: Principal): Promise<RepositoryPage> {
    return this.repositories.list(query, principal);
  }

  @Get(':repository')
  @Requires('repositories:read')
  @ApiOperation({ summary: 'Show a repository: its state, roles, versions, expiry, keys and counts' })
  @ApiRepository()
  @ApiOkResponse({ type: RepositoryDto })
  @ApiErrors(404)
  show(@Param('repository', RepositoryPipe) repository: RepositoryRecord): Promise<RepositoryDto> {
    return this.repositories.show(repository);
  }
}
