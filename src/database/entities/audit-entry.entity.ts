import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { AuditAction, AuditTarget, VersionDigests } from '../../audit-chain/audit-entry.js';

/**
 * A line of the audit log; a trigger refuses to change or delete any. It names a repository instead of referring to
 * it, for it has to outlive everything that it tells of.
 */
@Entity('audit_entry')
@Index('audit_entry_repository_sequence_idx', ['repository', 'sequence'])
@Index('audit_entry_at_idx', ['at'])
export class AuditEntryEntity {
  /** Order of arrival, with gaps. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'audit_entry_pkey',
  })
  sequence!: string;

  @Column('uuid')
  id!: string;

  @Column('timestamptz')
  at!: Date;

  /** Empty for what concerns no single repository. */
  @Column({ type: 'text', collation: 'C' })
  repository!: string;

  @Column('text', { nullable: true })
  principal!: string | null;

  @Column('uuid', { nullable: true })
  credential!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text')
  action!: AuditAction;

  @Column('json')
  target!: AuditTarget;

  @Column('uuid', { nullable: true })
  task!: string | null;

  @Column('integer', { nullable: true })
  revision!: number | null;

  @Column('json', { nullable: true })
  before!: VersionDigests | null;

  @Column('json', { nullable: true })
  after!: VersionDigests | null;
}
