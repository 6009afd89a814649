import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PathLimit } from '../../rights/path-limit.js';
import type { RepositoryLimit } from '../../rights/repository-limit.js';
import type { Scope } from '../../rights/scope.js';

/** A bearer token; only its sha256 is kept. It stays when it is revoked, so that its name can be looked up. */
@Entity('access_token')
@Index('access_token_hash_key', ['hash'], { unique: true })
export class AccessTokenEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'access_token_pkey' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('bytea')
  hash!: Buffer;

  @Column('text', { array: true })
  scopes!: readonly Scope[];

  @Column('text', { array: true, nullable: true })
  repositories!: readonly RepositoryLimit[] | null;

  @Column('text', { array: true, nullable: true })
  paths!: readonly PathLimit[] | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** The principal; null for the administrator, whom the service creates. */
  @Column('text', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
