import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { MetricsController, OpenMetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { StateMetrics } from './state-metrics.service.js';

@Module({})
export class MetricsModule {
  static in({ metricsAreOpen }: Environment): DynamicModule {
    return {
      module: MetricsModule,
      controllers: [metricsAreOpen ? OpenMetricsController : MetricsController],
      providers: [StateMetrics, MetricsService],
    };
  }
}
