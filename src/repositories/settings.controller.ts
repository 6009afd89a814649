import { Body, Controller, Get, Param, Patch, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { ApiIfMatch, IfMatch, sendTag } from '../http/if-match.js';
import { ApiMutation, type Mutation, MutationOf } from '../http/mutation.js';
import { ReadyRepositoryPipe } from '../http/ready-repository.pipe.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ChangeRecorder } from '../tasks/change-recorder.service.js';
import { TaskDto } from '../tasks/task.dto.js';
import { assertTag, settingsTag } from '../tuf/role-definition.js';
import { withSettings } from '../tuf/settings.js';
import { RepositorySettingsDto, settingsDto } from './repository.dto.js';
import { givenSettings, UpdateSettingsDto } from './settings.dto.js';

@ApiTags('repositories')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/settings')
export class SettingsController {
  constructor(private readonly changes: ChangeRecorder) {}

  @Get()
  @Requires('repositories:read')
  @ApiOperation({ summary: 'Get the settings of a repository' })
  @ApiOkResponse({
    type: RepositorySettingsDto,
    headers: { ETag: { description: 'For If-Match.', schema: { type: 'string' } } },
  })
  get(
    @Param('repository', RepositoryPipe) { settings }: RepositoryRecord,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): RepositorySettingsDto {
    sendTag(reply, settingsTag(settings));
    return settingsDto(settings);
  }

  @Patch()
  @Requires('settings:write')
  @ApiOperation({
    summary: 'Change expiry, renewal windows, or whether targets lists artifacts',
    description:
      'What is left out stays. Durations hold from the next version of each role on; for bins see PUT …/roles/targets/bins.',
  })
  @ApiIfMatch()
  @ApiMutation(TaskDto)
  @ApiErrors(409, 412, 413, 415)
  async update(
    @Param('repository', ReadyRepositoryPipe) repository: RepositoryRecord,
    @Body() body: UpdateSettingsDto,
    @IfMatch() ifMatch: string | null,
    @MutationOf() mutation: Mutation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    assertTag(ifMatch, settingsTag(repository.settings), 'the settings');
    const settings = givenSettings(body);
    withSettings(repository.settings, settings); // throws where they do not go together
    return this.changes.record(repository, { kind: 'update-settings', settings, ifMatch }, mutation, reply);
  }
}
