import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** How many artifacts the index has of a repository, kept by the same commits: counting a million takes too long. */
@Entity('artifact_count')
export class ArtifactCountEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'artifact_count_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'artifact_count_repository_fkey' })
  repositoryId!: number;

  @Column('bigint')
  artifacts!: string;
}
