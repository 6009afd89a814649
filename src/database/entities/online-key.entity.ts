import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyId, PublicKey } from '../../tuf/key.js';

/** A key that a key vault of this service signs with; only its public half and its address are here. */
@Entity('online_key')
export class OnlineKeyEntity {
  @PrimaryColumn('text', { name: 'key_id', primaryKeyConstraintName: 'online_key_pkey' })
  keyId!: KeyId;

  @Column('text')
  uri!: string;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  owner!: string | null;

  @Column('json')
  key!: PublicKey;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
