import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Encoding } from '../stored-bytes.js';
import { RepositoryEntity } from './repository.entity.js';

/** One published version of one role: never changed, and its key is the fence against forks. */
@Entity('metadata_version')
@Check('metadata_version_encoding_check', `"encoding" in ('gzip', 'identity')`)
@Index('metadata_version_revision_idx', ['repositoryId', 'revision'])
@Index('metadata_version_timestamp_expiry_idx', ['expiresAt'], { where: `"role" = 'timestamp'` })
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

  /** As clients download it: as signed, or that compressed. PostgreSQL itself compresses it no further. */
  @Column('bytea')
  bytes!: Buffer;

  @Column('text')
  encoding!: Encoding;

  /** Of what was signed. */
  @Column('text')
  sha256!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
