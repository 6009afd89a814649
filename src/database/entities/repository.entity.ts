import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { RepositorySettings } from '../../tuf/settings.js';

export type RepositoryLifecycle = 'awaiting-signatures' | 'bootstrapping' | 'ready' | 'refused';

@Entity('repository')
@Unique('repository_name_key', ['name'])
@Check('repository_state_check', `"state" in ('awaiting-signatures', 'bootstrapping', 'ready', 'refused')`)
export class RepositoryEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'repository_pkey',
  })
  id!: number;

  @Column('text')
  name!: string;

  @Column('text')
  state!: RepositoryLifecycle;

  @Column('jsonb')
  settings!: RepositorySettings;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
