import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The place of an entry in the chain of its repository; written once, like the entry. */
@Entity('audit_link')
@Index('audit_link_sequence_key', ['sequence'], { unique: true })
export class AuditLinkEntity {
  /** Empty for the chain of what concerns no single repository. */
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'audit_link_pkey' })
  repository!: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'audit_link_pkey' })
  position!: string;

  /** No foreign key: its check would write to each entry again. */
  @Column('bigint')
  sequence!: string;

  @Column('text')
  hash!: string;
}
