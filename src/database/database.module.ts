import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenStore } from './access-token.store.js';
import { ApprovalStore } from './approval.store.js';
import { ArtifactStore } from './artifact.store.js';
import { AuditStore } from './audit.store.js';
import { AuditChainStore } from './audit-chain.store.js';
import { AuditCheckpointStore } from './audit-checkpoint.store.js';
import { dataSourceOptions, openDataSource } from './data-source.js';
import { ExpiryNotices } from './expiry-notice.store.js';
import { ImportStore } from './import.store.js';
import { KeyStore } from './key.store.js';
import { MetadataStore } from './metadata.store.js';
import { MetadataHistory } from './metadata-history.store.js';
import { Notifications } from './notifications.js';
import { PublicationStore } from './publication.store.js';
import { PublicationWitness } from './publication-witness.js';
import { RepositoryStore } from './repository.store.js';
import { ServiceState } from './service-state.store.js';
import { SigningEventStore } from './signing-event.store.js';
import { TaskStore } from './task.store.js';
import { TaskHistory } from './task-history.store.js';
import { TrustedPublisherStore } from './trusted-publisher.store.js';
import { WebhookStore } from './webhook.store.js';
import { WebhookDeliveryStore } from './webhook-delivery.store.js';

const STORES = [
  AccessTokenStore,
  ApprovalStore,
  ArtifactStore,
  ImportStore,
  AuditStore,
  AuditChainStore,
  AuditCheckpointStore,
  KeyStore,
  MetadataHistory,
  MetadataStore,
  PublicationStore,
  RepositoryStore,
  ServiceState,
  SigningEventStore,
  TaskHistory,
  TaskStore,
  TrustedPublisherStore,
  ExpiryNotices,
  WebhookStore,
  WebhookDeliveryStore,
];

@Module({})
export class DatabaseModule {
  static at(url: string, poolSize: number, statementMs: number, dataFolder: string): DynamicModule {
    const options = dataSourceOptions(url, poolSize, statementMs);
    const connection = TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...options, retryAttempts: 0, manualInitialization: true }),
      dataSourceFactory: () => openDataSource(url, poolSize, statementMs),
    });
    const witness = { provide: PublicationWitness, useFactory: () => new PublicationWitness(dataFolder) };
    const notifications = { provide: Notifications, useFactory: () => new Notifications(url) };
    return {
      module: DatabaseModule,
      global: true,
      imports: [connection],
      providers: [...STORES, notifications, witness],
      exports: [...STORES, Notifications, PublicationWitness],
    };
  }
}
