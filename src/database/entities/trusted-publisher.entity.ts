import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PathLimit } from '../../rights/path-limit.js';
import type { RepositoryLimit } from '../../rights/repository-limit.js';
import type { Scope } from '../../rights/scope.js';

/** Which ID tokens of which issuer are as good as a token, and for what. */
@Entity('trusted_publisher')
@Index('trusted_publisher_issuer_idx', ['issuer'])
export class TrustedPublisherEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'trusted_publisher_pkey' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  issuer!: string;

  @Column('text')
  audience!: string;

  /** The values that each claim may have. */
  @Column('json')
  claims!: Readonly<Record<string, readonly string[]>>;

  @Column('text', { array: true })
  scopes!: readonly Scope[];

  @Column('text', { array: true, nullable: true })
  repositories!: readonly RepositoryLimit[] | null;

  @Column('text', { array: true, nullable: true })
  paths!: readonly PathLimit[] | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
