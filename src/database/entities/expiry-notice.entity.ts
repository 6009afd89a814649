import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** That webhooks were told of a role that is about to expire. */
@Entity('expiry_notice')
export class ExpiryNoticeEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'expiry_notice_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'expiry_notice_repository_fkey' })
  repositoryId!: number;

  /** `bins` for all hash bins together. */
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'expiry_notice_pkey' })
  role!: string;

  /** Of the version that they were told of. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
