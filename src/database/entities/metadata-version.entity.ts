import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** One published version of one role: never changed, and its key is the fence against forks. */
@Entity('metadata_version')
@Index('metadata_version_revision_idx', ['repositoryId', 'revision'])
export class MetadataVersionEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'metadata_version_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'metadata_version_repository_fkey' })
  repositoryId!: number;

  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'metadata_version_pkey' })
  role!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'metadata_version_pkey' })
  version!: number;

  @Column('integer')
  revision!: number;

  /** As signed, and as clients download it. */
  @Column('bytea')
  bytes!: Buffer;

  @Column('text')
  sha256!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
