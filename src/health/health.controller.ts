import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { recognisedPrincipal } from '../http/principal.js';
import { Public, PublicAndMoreWith } from '../http/public.decorator.js';
import { ExpiringProblem, expiringProblem, FreshDto } from './fresh.dto.js';
import { FreshQuery, secondsWithin } from './fresh.query.js';
import { FreshnessService } from './freshness.service.js';
import { LiveDto, ReadyDto } from './health.dto.js';
import { ReadinessService } from './readiness.service.js';

@ApiTags('health')
@ApiErrors()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly freshness: FreshnessService,
  ) {}

  @Get('live')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the process answers', security: [] })
  @ApiOkResponse({ type: LiveDto })
  live(): LiveDto {
    return { status: 'live' };
  }

  @Get('ready')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Whether the service can do its work: database, key vault, freshness, publishing',
    security: [],
  })
  @ApiOkResponse({ type: ReadyDto })
  @ApiServiceUnavailableResponse({ type: ReadyDto, description: 'A check is down.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto> {
    const ready = await this.readiness.check();
    if (ready.status !== 'ready') reply.status(503);
    return ready;
  }

  @Get('fresh')
  @PublicAndMoreWith('repositories:read')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Whether everything will be signed again in time, by the service or by people',
    description:
      'For monitors: 503 when, in a repository that clients can use, a role expires within the time whose next version needs signatures of people, or one should have been signed again by now. Names are told to callers who show a token with `repositories:read`.',
    security: [{}, { bearer: [] }],
  })
  @ApiOkResponse({ type: FreshDto })
  @ApiErrors(400)
  @ApiExtraModels(ExpiringProblem)
  @ApiServiceUnavailableResponse({
    description: 'Something expires, or the database is not available.',
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ExpiringProblem) } } },
  })
  async fresh(
    @Query() query: FreshQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FreshDto | ExpiringProblem> {
    const roles = await this.freshness.expiringWithin(secondsWithin(query));
    if (roles.length === 0) return { status: 'fresh', within: query.within };
    reply.status(503).header('content-type', 'application/problem+json');
    return expiringProblem(roles, query.within, recognisedPrincipal(request));
  }
}
