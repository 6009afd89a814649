import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** Metadata versions that became visible together. */
@Entity('revision')
export class RevisionEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'revision_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'revision_repository_fkey' })
  repositoryId!: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'revision_pkey' })
  number!: number;

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;
}
