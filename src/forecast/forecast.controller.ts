import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { type Principal, PrincipalOf } from '../http/principal.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { ForecastDto } from './forecast.dto.js';
import { ForecastQuery } from './forecast.query.js';
import { ForecastService } from './forecast.service.js';

@ApiTags('repositories')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/forecast')
export class ForecastController {
  constructor(private readonly forecasts: ForecastService) {}

  @Get()
  @Requires('roles:read')
  @ApiOperation({
    summary: 'What expires when, and who has to sign it',
    description:
      'The versions in force that expire within the days asked for, and every version that waits for signatures, whenever that expires. Bins of one delegator are one line.',
  })
  @ApiOkResponse({ type: ForecastDto })
  show(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() { days }: ForecastQuery,
    @PrincipalOf() principal: Principal,
  ): Promise<ForecastDto> {
    return this.forecasts.forecast(repository, days, principal);
  }
}
