import { Check, Column, Entity, ForeignKey, Generated, Index, PrimaryColumn } from 'typeorm';
import type { Change, Outcome } from '../../tuf/change.js';
import type { ImportRequest, TaskOutcome } from '../artifact-import.js';
import { RepositoryEntity } from './repository.entity.js';

/** A change that awaits approval does not wait yet: no publisher sees it. */
export type TaskState = 'awaiting-approval' | 'waiting' | Outcome['state'];

export type TaskKind = (Change | ImportRequest)['kind'];

@Entity('task')
@Check('task_state_check', `"state" in ('awaiting-approval', 'waiting', 'succeeded', 'partly-refused', 'refused')`)
@Index('task_waiting_idx', ['repositoryId', 'sequence'], { where: `"state" = 'waiting'` })
@Index('task_awaiting_approval_idx', ['createdAt'], { where: `"state" = 'awaiting-approval'` })
@Index('task_settled_at_idx', ['settledAt'], { where: '"settled_at" is not null' })
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
  kind!: TaskKind;

  /** `json`, not `jsonb`: the text is kept as it was given. */
  @Column('json')
  change!: Change | ImportRequest;

  @Column('integer', { name: 'change_bytes' })
  changeBytes!: number;

  @Column('text')
  state!: TaskState;

  @Column('json', { nullable: true })
  outcome!: TaskOutcome | null;

  /** The revision that made the change visible. */
  @Column('integer', { nullable: true })
  revision!: number | null;

  @Column('text')
  principal!: string;

  /** The id of the token, or of the trusted publisher, that the principal was known by; null for tasks of old. */
  @Column('uuid', { nullable: true })
  credential!: string | null;

  /** The principal who approved it, where somebody had to. */
  @Column('text', { name: 'approved_by', nullable: true })
  approvedBy!: string | null;

  @Column('timestamptz', { name: 'approved_at', nullable: true })
  approvedAt!: Date | null;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey!: string | null;

  @Column('text', { name: 'request_digest' })
  requestDigest!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
