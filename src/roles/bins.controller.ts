import { Body, Controller, Delete, Param, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { ApiIfMatch, IfMatch } from '../http/if-match.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import type { RoleName } from '../tuf/role-name.js';
import { ApiRole } from './api-role.decorator.js';
import { RoleEdits } from './role-edits.service.js';
import { RoleNamePipe } from './role-name.pipe.js';
import { SetBinsDto } from './set-bins.dto.js';

@ApiTags('roles')
@ApiErrors(400, 401, 404, 409, 412, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/roles/:role/bins')
export class BinsController {
  constructor(
    private readonly edits: RoleEdits,
    private readonly changes: ChangeRecorder,
  ) {}

  @Put()
  @Requires('roles:write')
  @ApiOperation({
    summary: 'Have a role delegate to hash bins, or to another number or kind of them, or have other keys sign them',
    description: 'All artifacts move in one revision; clients find every one of them before, meanwhile and afterwards.',
  })
  @ApiRole()
  @ApiIfMatch()
  @ApiMutation(TaskDto)
  @ApiErrors(413, 415)
  async set(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @Body() body: SetBinsDto,
    @IfMatch() ifMatch: string | null,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.edits.bins(repository, role, body, ifMatch), mutation, reply);
  }

  @Delete()
  @Requires('roles:write')
  @ApiOperation({ summary: 'Have a role list its artifacts itself again, without bins' })
  @ApiRole()
  @ApiIfMatch()
  @ApiMutation(TaskDto)
  async remove(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @IfMatch() ifMatch: string | null,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.edits.bins(repository, role, null, ifMatch), mutation, reply);
  }
}
