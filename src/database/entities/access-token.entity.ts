import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A bearer token; only its sha256 is kept. */
@Entity('access_token')
@Index('access_token_hash_key', ['hash'], { unique: true })
export class AccessTokenEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'access_token_pkey' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('bytea')
  hash!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
