import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** The version of a role that is in force, and when it is due for signing. */
@Entity('role')
@Index('role_renew_at_idx', ['renewAt'])
@Index('role_delegates_idx', ['repositoryId'], { where: '"delegates"' })
@Index('role_expires_at_idx', ['expiresAt'])
export class RoleEntity {
  @PrimaryColumn('integer', { name: 'repository_id', primaryKeyConstraintName: 'role_pkey' })
  @ForeignKey(() => RepositoryEntity, { name: 'role_repository_fkey' })
  repositoryId!: number;

  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'role_pkey' })
  name!: string;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** From when on it is signed again or, where people sign it, asked to be signed again. */
  @Column('timestamptz', { name: 'renew_at' })
  renewAt!: Date;

  /** Of the file of the version in force. */
  @Column('integer')
  bytes!: number;

  /** Whether its version in force has delegations. */
  @Column('boolean')
  delegates!: boolean;
}
