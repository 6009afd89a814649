import { Module } from '@nestjs/common';
import { FreshnessService } from './freshness.service.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';

@Module({ controllers: [HealthController], providers: [ReadinessService, FreshnessService] })
export class HealthModule {}
