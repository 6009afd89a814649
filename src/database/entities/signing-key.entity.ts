import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Key, KeyId } from '../../tuf/key.js';

/** A key that people have given a name: online where the URI of its private half is known, else offline. */
@Entity('signing_key')
export class SigningKeyEntity {
  @PrimaryColumn('text', { name: 'key_id', primaryKeyConstraintName: 'signing_key_pkey' })
  keyId!: KeyId;

  /** Null for an offline key: the private half is with its owner. */
  @Column('text', { nullable: true })
  uri!: string | null;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  owner!: string | null;

  @Column('json')
  key!: Key;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
