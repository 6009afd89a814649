import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** The index of what targets metadata lists, kept by the commit that publishes it. */
@Entity('artifact')
export class ArtifactEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'artifact_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'artifact_repository_fkey' })
  repositoryId!: number;

  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'artifact_pkey' })
  path!: string;

  @Column('text')
  role!: string;

  @Column('bigint')
  length!: string;

  @Column('json')
  hashes!: Record<string, string>;

  @Column('json', { nullable: true })
  custom!: unknown;

  /** The revision that published it in this form. */
  @Column('integer')
  revision!: number;
}
