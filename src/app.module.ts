import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule } from './access/access.module.js';
import { ArtifactsModule } from './artifacts/artifacts.module.js';
import { AuditModule } from './audit/audit.module.js';
import type { Clock } from './clock.js';
import { ClockModule } from './clock.module.js';
import { DatabaseModule } from './database/database.module.js';
import type { Environment } from './environment.js';
import { ForecastModule } from './forecast/forecast.module.js';
import { HealthModule } from './health/health.module.js';
import { KeyVaultsModule } from './key-vaults/key-vaults.module.js';
import { KeysModule } from './keys/keys.module.js';
import { MetadataModule } from './metadata/metadata.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PublishingModule } from './publishing/publishing.module.js';
import { RepositoriesModule } from './repositories/repositories.module.js';
import { ResigningModule } from './resigning/resigning.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RolesModule } from './roles/roles.module.js';
import { SigningModule } from './signing/signing.module.js';
import { SigstoreModule } from './sigstore/sigstore.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The service: what it stands on, what it does, and what it offers over HTTP. */
@Module({})
export class AppModule {
  static with(environment: Environment, databaseUrl: string, clock: Clock): DynamicModule {
    const outside = [
      ClockModule.of(clock),
      ScheduleModule.forRoot(),
      DatabaseModule.at(
        databaseUrl,
        environment.databasePoolSize,
        environment.databaseTimeoutMs,
        environment.dataFolder,
      ),
      KeyVaultsModule.in(environment),
      SigstoreModule.in(environment),
    ];
    const work = [PublishingModule, ResigningModule, RetentionModule.in(environment), TasksModule];
    const features = [
      AccessModule.in(environment),
      RepositoriesModule,
      ArtifactsModule,
      RolesModule,
      KeysModule,
      MetadataModule,
      SigningModule,
      ForecastModule,
      AuditModule.in(environment),
      WebhooksModule.in(environment),
      MetricsModule.in(environment),
      HealthModule,
    ];
    return { module: AppModule, imports: [...outside, ...work, ...features] };
  }
}
