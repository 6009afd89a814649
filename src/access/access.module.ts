import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { Environment } from '../environment.js';
import { AccessGuard } from './access.guard.js';
import { AdminTokenService } from './admin-token.service.js';

@Module({})
export class AccessModule {
  static in(environment: Environment): DynamicModule {
    const adminToken = {
      provide: AdminTokenService,
      inject: [AccessTokenStore, Clock],
      useFactory: (tokens: AccessTokenStore, clock: Clock) => new AdminTokenService(tokens, clock, environment),
    };
    return { module: AccessModule, providers: [adminToken, { provide: APP_GUARD, useClass: AccessGuard }] };
  }
}
