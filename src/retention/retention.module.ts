import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { RetentionService } from './retention.service.js';
import { RetentionPeriods } from './retention-periods.js';

@Module({})
export class RetentionModule {
  static in({ historyMarginMs, taskHistoryMs }: Environment): DynamicModule {
    const periods = { provide: RetentionPeriods, useValue: new RetentionPeriods(historyMarginMs, taskHistoryMs) };
    return { module: RetentionModule, providers: [periods, RetentionService] };
  }
}
