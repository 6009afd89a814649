import { Entity, PrimaryColumn } from 'typeorm';

/** A path that was changed by what was asked after the import: its line there is older, and left out. */
@Entity('import_overtaken')
export class ImportOvertakenEntity {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'import_overtaken_pkey' })
  importId!: number;

  @PrimaryColumn('bigint', { name: 'path_order', primaryKeyConstraintName: 'import_overtaken_pkey' })
  pathOrder!: string;

  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'import_overtaken_pkey' })
  path!: string;
}
