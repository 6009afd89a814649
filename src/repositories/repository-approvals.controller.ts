import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit-chain/audit-entry.js';
import { Clock } from '../clock.js';
import { ApprovalStore } from '../database/approval.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { OriginOf } from '../http/origin.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ApprovalsDto, approvalsDto, SetApprovalsDto } from './approvals.dto.js';

@ApiTags('repositories')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/approvals')
export class RepositoryApprovalsController {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Requires('repositories:read')
  @ApiOperation({ summary: 'Get what a second principal has to approve' })
  @ApiOkResponse({ type: ApprovalsDto })
  async get(@Param('repository', RepositoryPipe) { id }: RepositoryRecord): Promise<ApprovalsDto> {
    return approvalsDto(await this.approvals.wanted(id));
  }

  @Put()
  @Requires('settings:write')
  @ApiOperation({
    summary: 'Set what a second principal has to approve',
    description:
      'More takes effect at once. Less takes two principals: it is a proposal until a second one asks for the very same.',
  })
  @ApiOkResponse({ type: ApprovalsDto })
  @ApiErrors(413, 415)
  async set(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Body() { approvals }: SetApprovalsDto,
    @OriginOf() origin: Origin,
  ): Promise<ApprovalsDto> {
    return approvalsDto(await this.approvals.want(repository, approvals, origin, this.clock.now()));
  }
}
