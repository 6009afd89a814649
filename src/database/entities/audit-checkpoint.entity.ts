import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Checkpoint } from '../../audit-chain/checkpoint.js';
import { RepositoryEntity } from './repository.entity.js';

/** The last checkpoint of a repository's audit log. */
@Entity('audit_checkpoint')
export class AuditCheckpointEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'audit_checkpoint_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'audit_checkpoint_repository_fkey' })
  repositoryId!: number;

  @Column('json')
  checkpoint!: Checkpoint;

  @Column('timestamptz', { name: 'issued_at' })
  issuedAt!: Date;
}
