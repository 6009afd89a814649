import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Approval } from '../../tuf/approval.js';
import type { RepositorySettings } from '../../tuf/settings.js';

export type RepositoryLifecycle = 'awaiting-signatures' | 'bootstrapping' | 'ready' | 'refused';

export interface ApprovalsProposal {
  readonly approvals: readonly Approval[];
  readonly principal: string;
  readonly credential: string;
  /** ISO 8601. */
  readonly at: string;
}

@Entity('repository')
@Unique('repository_name_key', ['name'])
@Check('repository_state_check', `"state" in ('awaiting-signatures', 'bootstrapping', 'ready', 'refused')`)
export class RepositoryEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'repository_pkey',
  })
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  state!: RepositoryLifecycle;

  @Column('jsonb')
  settings!: RepositorySettings;

  /** What a second principal has to approve. */
  @Column('text', { array: true, default: '{}' })
  approvals!: readonly Approval[];

  /** What somebody wants it to be instead, should that be less. */
  @Column('json', { name: 'approvals_proposal', nullable: true })
  approvalsProposal!: ApprovalsProposal | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
