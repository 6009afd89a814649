import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ArtifactImportEntity } from './artifact-import.entity.js';

/** A line of an import that does not go in. */
@Entity('import_refusal')
export class ImportRefusalEntity {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'import_refusal_pkey' })
  @ForeignKey(() => ArtifactImportEntity, { name: 'import_refusal_import_fkey' })
  importId!: number;

  @PrimaryColumn('bigint', { name: 'line', primaryKeyConstraintName: 'import_refusal_pkey' })
  line!: string;

  /** Where the line has one. */
  @Column('text', { nullable: true })
  path!: string | null;

  @Column('text')
  code!: string;

  @Column('text')
  detail!: string;
}
