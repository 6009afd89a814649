import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TargetFile } from '../../tuf/artifact.js';

/** An accepted line of an import that is not published yet, in the order of the bins: see `pathOrder`. */
@Entity('import_entry')
export class ImportEntryEntity {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'import_entry_pkey' })
  importId!: number;

  @PrimaryColumn('bigint', { name: 'path_order', primaryKeyConstraintName: 'import_entry_pkey' })
  pathOrder!: string;

  @PrimaryColumn('bigint', { name: 'line', primaryKeyConstraintName: 'import_entry_pkey' })
  line!: string;

  @Column({ type: 'text', collation: 'C' })
  path!: string;

  @Column('json')
  file!: TargetFile;
}
