import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { TrustedKeys } from '../../tuf/delegation.js';
import type { Root, SignedMetadata, Targets } from '../../tuf/metadata.js';
import type { Consequences, PendingTrust, SigningEventState } from '../../tuf/signing-event.js';
import { RepositoryEntity } from './repository.entity.js';

/** A metadata version that waits, or waited, for offline signatures. */
@Entity('signing_event')
@Check('signing_event_state_check', `"state" in ('open', 'completed', 'superseded', 'withdrawn')`)
@Index('signing_event_open_idx', ['repositoryId'], { where: `"state" = 'open'` })
@Index('signing_event_repository_opened_idx', ['repositoryId', 'openedAt'])
export class SigningEventEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'signing_event_pkey' })
  id!: string;

  @Column('integer', { name: 'repository_id' })
  @ForeignKey(() => RepositoryEntity, { name: 'signing_event_repository_fkey' })
  repositoryId!: number;

  @Column('text')
  role!: string;

  @Column('integer')
  version!: number;

  @Column('text')
  state!: SigningEventState;

  /** `json`, not `jsonb`: signatures and unknown fields are kept as they were given. */
  @Column('json')
  metadata!: SignedMetadata<Root | Targets>;

  /** Who has to sign it; null for root, which takes the keys of two roots. */
  @Column('json', { nullable: true })
  signers!: TrustedKeys | null;

  /** What has to change for clients to trust these signers; null where they do. */
  @Column('json', { nullable: true })
  pending!: PendingTrust | null;

  /** What the service does by itself once it takes effect. */
  @Column('json', { nullable: true })
  consequences!: Consequences | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;

  /** Why it was withdrawn, or what superseded it. */
  @Column('text', { nullable: true })
  reason!: string | null;
}
