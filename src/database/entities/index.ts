import { AccessTokenEntity } from './access-token.entity.js';
import { ArtifactEntity } from './artifact.entity.js';
import { ArtifactCountEntity } from './artifact-count.entity.js';
import { ArtifactImportEntity } from './artifact-import.entity.js';
import { AuditCheckpointEntity } from './audit-checkpoint.entity.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditLinkEntity } from './audit-link.entity.js';
import { AuditUnlinkedEntity } from './audit-unlinked.entity.js';
import { ExpiryNoticeEntity } from './expiry-notice.entity.js';
import { ImportEntryEntity } from './import-entry.entity.js';
import { ImportOvertakenEntity } from './import-overtaken.entity.js';
import { ImportRefusalEntity } from './import-refusal.entity.js';
import { MetadataVersionEntity } from './metadata-version.entity.js';
import { RepositoryEntity } from './repository.entity.js';
import { RevisionEntity } from './revision.entity.js';
import { RoleEntity } from './role.entity.js';
import { SigningEventEntity } from './signing-event.entity.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { TaskEntity } from './task.entity.js';
import { TrustedPublisherEntity } from './trusted-publisher.entity.js';
import { WebhookEntity } from './webhook.entity.js';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookEventEntity } from './webhook-event.entity.js';

export const ENTITIES = [
  RepositoryEntity,
  TaskEntity,
  RevisionEntity,
  MetadataVersionEntity,
  RoleEntity,
  ArtifactEntity,
  ArtifactCountEntity,
  SigningEventEntity,
  SigningKeyEntity,
  AccessTokenEntity,
  TrustedPublisherEntity,
  ArtifactImportEntity,
  ImportEntryEntity,
  ImportRefusalEntity,
  ImportOvertakenEntity,
  AuditEntryEntity,
  AuditLinkEntity,
  AuditUnlinkedEntity,
  AuditCheckpointEntity,
  WebhookEntity,
  WebhookEventEntity,
  WebhookDeliveryEntity,
  ExpiryNoticeEntity,
];
