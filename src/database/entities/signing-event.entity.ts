import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import { RepositoryEntity } from './repository.entity.js';

export type SigningEventState = 'open' | 'completed';

/** A metadata version that waits, or waited, for offline signatures. */
@Entity('signing_event')
@Check('signing_event_state_check', `"state" in ('open', 'completed')`)
@Index('signing_event_open_idx', ['repositoryId'], { where: `"state" = 'open'` })
@Index('signing_event_repository_opened_idx', ['repositoryId', 'openedAt'])
export class SigningEventEntity {
  /** The id of the task that opened it. */
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
  metadata!: SignedMetadata<Root>;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;
}
