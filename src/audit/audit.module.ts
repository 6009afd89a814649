import { type DynamicModule, Module } from '@nestjs/common';
import { Clock } from '../clock.js';
import { AuditCheckpointStore } from '../database/audit-checkpoint.store.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { Environment } from '../environment.js';
import { KeyVault } from '../key-vaults/key-vault.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';
import { AuditChainer } from './audit-chainer.service.js';
import { CheckpointController } from './checkpoint.controller.js';
import { CheckpointIssuer } from './checkpoint-issuer.service.js';
import { RefusedAttemptRecorder } from './refused-attempt-recorder.service.js';
import { RepositoryAuditController } from './repository-audit.controller.js';

@Module({})
export class AuditModule {
  static in({ auditCheckpointSeconds }: Environment): DynamicModule {
    const checkpointIssuer = {
      provide: CheckpointIssuer,
      inject: [AuditCheckpointStore, MetadataStore, KeyStore, KeyVault, Clock],
      useFactory: (...given: [AuditCheckpointStore, MetadataStore, KeyStore, KeyVault, Clock]) =>
        new CheckpointIssuer(...given, auditCheckpointSeconds),
    };
    return {
      module: AuditModule,
      controllers: [AuditController, RepositoryAuditController, CheckpointController],
      providers: [AuditService, AuditChainer, checkpointIssuer, RefusedAttemptRecorder],
    };
  }
}
