import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { Public } from '../http/public.decorator.js';
import { Requires } from '../http/requires.decorator.js';
import { MetricsService } from './metrics.service.js';

const MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** For a Prometheus that has a token. */
@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Requires('metrics:read')
  @Header('content-type', MEDIA_TYPE)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Get the metrics of this process, for Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({
    description: 'The text format of Prometheus.',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  @ApiErrors(401)
  render(): Promise<string> {
    return this.metrics.render();
  }
}

/** For everyone, where the operator says so. */
@ApiExcludeController()
@Controller('metrics')
export class OpenMetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Public()
  @Header('content-type', MEDIA_TYPE)
  @Header('cache-control', 'no-store')
  render(): Promise<string> {
    return this.metrics.render();
  }
}
