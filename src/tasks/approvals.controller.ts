import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit-chain/audit-entry.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { OriginOf } from '../http/origin.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { ApprovalsService } from './approvals.service.js';
import { RejectChangeDto } from './reject-change.dto.js';
import { TaskDto } from './task.dto.js';

const ApiTaskId = () => ApiParam({ name: 'task', format: 'uuid', description: 'The id of the task.' });

@ApiTags('tasks')
@ApiErrors(400, 401, 404, 409, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/tasks/:task')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Post('approval')
  @HttpCode(202)
  @Requires('changes:approve')
  @ApiOperation({ summary: 'Approve a change that somebody else asked for; it is published then' })
  @ApiTaskId()
  @ApiAcceptedResponse({ type: TaskDto })
  approve(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('task', uuidPipe('task')) id: string,
    @OriginOf() origin: Origin,
  ): Promise<TaskDto> {
    return this.approvals.approve(repository, id, origin);
  }

  @Post('rejection')
  @HttpCode(200)
  @Requires('changes:approve')
  @ApiOperation({ summary: 'Reject a change that awaits approval' })
  @ApiTaskId()
  @ApiOkResponse({ type: TaskDto })
  @ApiErrors(413, 415)
  reject(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('task', uuidPipe('task')) id: string,
    @Body() { reason }: RejectChangeDto,
    @OriginOf() origin: Origin,
  ): Promise<TaskDto> {
    return this.approvals.reject(repository, id, reason, origin);
  }
}
