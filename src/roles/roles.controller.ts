import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { cursorKey, PageQuery, pageOf } from '../http/pagination.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { TufError } from '../tuf/errors.js';
import { parseRoleName } from '../tuf/role-name.js';
import { RenewRolesDto } from './renew-roles.dto.js';
import { RoleDto, RolePage, roleDto } from './role.dto.js';
import { RootMetadataDto } from './root-metadata.dto.js';
import { RootProposals } from './root-proposals.service.js';

@ApiTags('roles')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/roles')
export class RolesController {
  constructor(
    private readonly metadata: MetadataStore,
    private readonly changes: ChangeRecorder,
    private readonly roots: RootProposals,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List roles with the versions in force' })
  @ApiOkResponse({ type: RolePage })
  async list(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: PageQuery,
  ): Promise<RolePage> {
    const found = await this.metadata.roles(repository.id, cursorKey(query), query.limit + 1);
    return pageOf(found, query.limit, ({ name }) => name, roleDto);
  }

  @Get(':role')
  @ApiOperation({ summary: 'Get a role' })
  @ApiParam({ name: 'role', description: 'The name of the role.', example: 'timestamp' })
  @ApiOkResponse({ type: RoleDto })
  async get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('role') name: string,
  ): Promise<RoleDto> {
    const role = await this.metadata.role(repository.id, parseRoleName(name));
    if (!role) throw new TufError('role-unknown', `repository ${repository.name} has no role ${name}`);
    return roleDto(role);
  }

  @Put('root/metadata')
  @ApiOperation({
    summary: 'Propose the next root',
    description:
      'With all signatures of the old and of the new root keys it is published at once, with everything that changed keys must sign; otherwise it becomes a signing event, and the root in force stays.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async proposeRoot(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Body() body: RootMetadataDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.roots.proposal(repository, body), mutation, reply);
  }

  @Post('renewals')
  @ApiOperation({
    summary: 'Sign roles again now',
    description: 'The service renews roles before they expire by itself; this is for the impatient.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  renew(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Body() { roles }: RenewRolesDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const named = roles.map((role, index) => parseRoleName(role, `roles[${index}]`));
    return this.changes.record(repository, { kind: 'resign', roles: named }, mutation, reply);
  }
}
