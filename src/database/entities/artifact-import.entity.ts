import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Outcome } from '../../tuf/change.js';
import { RepositoryEntity } from './repository.entity.js';
import { TaskEntity } from './task.entity.js';

export type ImportState = 'receiving' | 'publishing' | 'settled';

/** How far an import got. Its counts are of lines, and those of what became of them add up to `published`. */
@Entity('artifact_import')
@Unique('artifact_import_task_key', ['taskId'])
@Check('artifact_import_state_check', `"state" in ('receiving', 'publishing', 'settled')`)
@Index('artifact_import_open_idx', ['repositoryId'], { where: `"state" <> 'settled'` })
export class ArtifactImportEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'artifact_import_pkey',
  })
  id!: number;

  @Column('uuid', { name: 'task_id' })
  @ForeignKey(() => TaskEntity, { name: 'artifact_import_task_fkey' })
  taskId!: string;

  @Column('integer', { name: 'repository_id' })
  @ForeignKey(() => RepositoryEntity, { name: 'artifact_import_repository_fkey' })
  repositoryId!: number;

  @Column('text')
  state!: ImportState;

  /** When the process that receives it last said so, by the clock of the database. */
  @Column('timestamptz', { name: 'heard_at' })
  heardAt!: Date;

  /** Why it broke off before its end. */
  @Column('text', { nullable: true })
  interruption!: string | null;

  @Column('bigint', { name: 'lines_read' })
  linesRead!: string;

  @Column('bigint')
  accepted!: string;

  @Column('bigint')
  refused!: string;

  @Column('bigint')
  published!: string;

  @Column('bigint')
  added!: string;

  @Column('bigint')
  replaced!: string;

  @Column('bigint')
  unchanged!: string;

  @Column('bigint', { name: 'awaiting_signatures' })
  awaitingSignatures!: string;

  /** Lines before the last one for the same path. */
  @Column('bigint')
  repeated!: string;

  /** Lines for paths that were changed by what was asked after the import. */
  @Column('bigint')
  overtaken!: string;

  /** Entries up to this place in their order are done. */
  @Column('bigint', { name: 'published_to' })
  publishedTo!: string;

  /** The last revision that it made. */
  @Column('integer', { nullable: true })
  revision!: number | null;

  /** The signatures that it waits for. */
  @Column('json', { nullable: true })
  awaited!: Pick<Outcome, 'signingEvent' | 'missingSignatures' | 'otherSigningEvents'> | null;
}
