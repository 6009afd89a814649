import { Entity, PrimaryColumn } from 'typeorm';

/** An entry that has no place in its chain yet. */
@Entity('audit_unlinked')
export class AuditUnlinkedEntity {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'audit_unlinked_pkey' })
  sequence!: string;
}
