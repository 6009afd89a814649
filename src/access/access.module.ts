import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { Environment } from '../environment.js';
import { AccessGuard } from './access.guard.js';
import { AccessControl } from './access-control.service.js';
import { AdminTokenService } from './admin-token.service.js';
import { Authenticator } from './authenticator.service.js';
import { LastUses } from './last-uses.service.js';
import { IdTokenVerifier } from './oidc/id-token-verifier.service.js';
import { TrustedPublishersController } from './oidc/trusted-publishers.controller.js';
import { TrustedPublishersService } from './oidc/trusted-publishers.service.js';
import { TrustedPublishing } from './oidc/trusted-publishing.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';
import { VerifiedPrincipals } from './verified-principals.js';

@Module({})
export class AccessModule {
  static in(environment: Environment): DynamicModule {
    const adminToken = {
      provide: AdminTokenService,
      inject: [AccessTokenStore, Clock],
      useFactory: (tokens: AccessTokenStore, clock: Clock) => new AdminTokenService(tokens, clock, environment),
    };
    const idTokens = {
      provide: IdTokenVerifier,
      inject: [Clock],
      useFactory: (clock: Clock) => new IdTokenVerifier(environment.oidcIssuers, clock),
    };
    const checks = [AccessControl, Authenticator, TrustedPublishing, idTokens, VerifiedPrincipals, LastUses];
    return {
      module: AccessModule,
      controllers: [TokensController, TrustedPublishersController],
      providers: [
        ...checks,
        TokensService,
        TrustedPublishersService,
        adminToken,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
