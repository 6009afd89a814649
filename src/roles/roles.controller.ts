import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { LargeBody } from '../http/bounds/body-limit.js';
import { ApiIfMatch, IfMatch, sendTag } from '../http/if-match.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { PageQuery } from '../http/pagination.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { parseRoleName, type RoleName } from '../tuf/role-name.js';
import { AddRoleDto } from './add-role.dto.js';
import { ApiRole } from './api-role.decorator.js';
import { RemoveRoleQuery } from './remove-role.query.js';
import { RenewRolesDto } from './renew-roles.dto.js';
import { RoleDto, RolePage } from './role.dto.js';
import { RoleEdits } from './role-edits.service.js';
import { RoleNamePipe } from './role-name.pipe.js';
import { RolesService } from './roles.service.js';
import { UpdateRoleDto } from './update-role.dto.js';

@ApiTags('roles')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/roles')
export class RolesController {
  constructor(
    private readonly roles: RolesService,
    private readonly edits: RoleEdits,
    private readonly changes: ChangeRecorder,
  ) {}

  @Get()
  @Requires('roles:read')
  @ApiOperation({ summary: 'List roles: the versions in force, who signs them, and what is delegated to them' })
  @ApiOkResponse({ type: RolePage })
  list(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: PageQuery,
  ): Promise<RolePage> {
    return this.roles.list(repository, query);
  }

  @Post()
  @Requires('roles:write')
  @LargeBody()
  @ApiOperation({
    summary: 'Delegate to a new role',
    description:
      'Artifacts whose paths it gets move to it. Where people sign it or its delegator, the delegation takes effect together with the versions that they sign.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async add(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Body() body: AddRoleDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.edits.addition(repository, body), mutation, reply);
  }

  @Post('renewals')
  @Requires('roles:write')
  @ApiOperation({
    summary: 'Sign roles again now',
    description:
      'The service renews roles before they expire by itself; this is for the impatient. For a role that people sign it opens a signing event.',
  })
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  renew(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Body() { roles, beyond }: RenewRolesDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const named = roles.map((role, index) => parseRoleName(role, `roles[${index}]`));
    return this.changes.record(
      repository,
      { kind: 'resign', roles: beyond === undefined ? named : [], ...(beyond !== undefined && { beyond }) },
      mutation,
      reply,
    );
  }

  @Get(':role')
  @Requires('roles:read')
  @ApiOperation({ summary: 'Get a role' })
  @ApiRole()
  @ApiOkResponse({ type: RoleDto, headers: { ETag: { description: 'For If-Match.', schema: { type: 'string' } } } })
  @ApiErrors(409)
  async get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RoleDto> {
    const { shown, tag } = await this.roles.show(repository, role);
    sendTag(reply, tag);
    return shown;
  }

  @Patch(':role')
  @Requires('roles:write')
  @LargeBody()
  @ApiOperation({
    summary: 'Change a delegated role: its paths, keys, threshold, place, terminating, or expiry',
    description: 'What is left out stays. Artifacts move in the same revision where their role is another one then.',
  })
  @ApiRole()
  @ApiIfMatch()
  @ApiMutation(TaskDto)
  @ApiErrors(409, 412, 413, 415)
  async update(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @Body() body: UpdateRoleDto,
    @IfMatch() ifMatch: string | null,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const change = await this.edits.update(repository, role, body, ifMatch);
    return this.changes.record(repository, change, mutation, reply);
  }

  @Delete(':role')
  @Requires('roles:write')
  @ApiOperation({
    summary: 'Take a delegation back',
    description:
      'Clients do not trust the role any more from the next version of its delegator on. Its last version stays in snapshot, as TUF demands; a role added under the name later goes on counting from there.',
  })
  @ApiRole()
  @ApiIfMatch()
  @ApiMutation(TaskDto)
  @ApiErrors(409, 412)
  async remove(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @Query() { artifacts }: RemoveRoleQuery,
    @IfMatch() ifMatch: string | null,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const change = await this.edits.removal(repository, role, artifacts, ifMatch);
    return this.changes.record(repository, change, mutation, reply);
  }
}
