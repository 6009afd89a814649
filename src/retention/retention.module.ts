import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { RetentionService } from './retention.service.js';
import { RetentionPeriods } from './retention-periods.js';

@Module({})
export class RetentionModule {
  static in({ historyMarginMs, taskHistoryMs, approvalPeriodMs }: Environment): DynamicModule {
    const periods = {
      provide: RetentionPeriods,
      useValue: new RetentionPeriods(historyMarginMs, taskHistoryMs, approvalPeriodMs),
    };
    return { module: RetentionModule, providers: [periods, RetentionService] };
  }
}
