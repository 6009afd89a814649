import { Check, Column, Entity, ForeignKey, Generated, Index, PrimaryColumn } from 'typeorm';
import type { Change, ChangeKind, Outcome } from '../../tuf/change.js';
import { RepositoryEntity } from './repository.entity.js';

export type TaskState = 'waiting' | Outcome['state'];

@Entity('task')
@Check('task_state_check', `"state" in ('waiting', 'succeeded', 'partly-refused', 'refused')`)
@Index('task_waiting_idx', ['repositoryId', 'sequence'], { where: `"state" = 'waiting'` })
@Index('task_repository_sequence_key', ['repositoryId', 'sequence'], { unique: true })
@Index('task_idempotency_key', ['repositoryId', 'idempotencyKey'], {
  unique: true,
  where: '"idempotency_key" is not null',
})
export class TaskEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'task_pkey' })
  id!: string;

  @Column('integer', { name: 'repository_id' })
  @ForeignKey(() => RepositoryEntity, { name: 'task_repository_fkey' })
  repositoryId!: number;

  /** Order of arrival. */
  @Column('bigint')
  @Generated('increment')
  sequence!: string;

  @Column('text')
  kind!: ChangeKind;

  /** `json`, not `jsonb`: the text is kept as it was given. */
  @Column('json')
  change!: Change;

  @Column('integer', { name: 'change_bytes' })
  changeBytes!: number;

  @Column('text')
  state!: TaskState;

  @Column('json', { nullable: true })
  outcome!: Outcome | null;

  /** The revision that made the change visible. */
  @Column('integer', { nullable: true })
  revision!: number | null;

  @Column('text')
  principal!: string;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey!: string | null;

  @Column('text', { name: 'request_digest' })
  requestDigest!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
