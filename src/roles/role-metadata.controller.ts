import { Body, Controller, Param, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { LargeBody } from '../http/bounds/body-limit.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import type { RoleName } from '../tuf/role-name.js';
import { ApiRole } from './api-role.decorator.js';
import { RoleEdits } from './role-edits.service.js';
import { RoleMetadataDto } from './role-metadata.dto.js';
import { RoleNamePipe } from './role-name.pipe.js';
import { RootMetadataDto } from './root-metadata.dto.js';
import { RootProposals } from './root-proposals.service.js';

/** Metadata that was made, and signed, elsewhere. */
@ApiTags('roles')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/roles')
export class RoleMetadataController {
  constructor(
    private readonly changes: ChangeRecorder,
    private readonly roots: RootProposals,
    private readonly edits: RoleEdits,
  ) {}

  @Put('root/metadata')
  @Requires('root:propose')
  @LargeBody()
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

  @Put(':role/metadata')
  @Requires('metadata:write')
  @LargeBody()
  @ApiOperation({
    summary: 'Publish the next version of a role, made and signed by those who hold its keys',
    description:
      'Accepted only with all its signatures, the next version, an expiry ahead, and paths that are delegated to the role; otherwise the refusal says which path or rule.',
  })
  @ApiRole()
  @ApiMutation(TaskDto)
  @ApiErrors(409, 413, 415)
  async setMetadata(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Param('role', RoleNamePipe) role: RoleName,
    @Body() body: RoleMetadataDto,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.changes.record(repository, await this.edits.metadata(repository, role, body), mutation, reply);
  }
}
