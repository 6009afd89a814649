import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not } from 'typeorm';
import type { KeyId, PublicKey } from '../tuf/key.js';
import { SigningKeyEntity } from './entities/signing-key.entity.js';

export type KeyKind = 'online' | 'offline';

/** A key that a key vault of this service signs with. */
export type OnlineKeyRecord = SigningKeyEntity & { readonly uri: string; readonly key: PublicKey };

/** The keys that have names: what they are called, whose they are, and which vault signs with the online ones. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns false when there is a key of this id already; it stays as it is. */
  async add(key: SigningKeyEntity): Promise<boolean> {
    const { raw } = await this.keys.createQueryBuilder().insert().values(key).orIgnore().returning('key_id').execute();
    return raw.length > 0;
  }

  /** Oldest first, those after the one with the id `after`. */
  list(kind: KeyKind | undefined, after: string, limit: number): Promise<SigningKeyEntity[]> {
    const query = this.keys.createQueryBuilder('key').orderBy({ 'key.createdAt': 'ASC', 'key.keyId': 'ASC' });
    if (kind) query.andWhere(kind === 'online' ? 'key.uri is not null' : 'key.uri is null');
    if (after) query.andWhere(AFTER, { after });
    return query.limit(limit).getMany();
  }

  find(keyId: string): Promise<SigningKeyEntity | null> {
    return this.keys.findOneBy({ keyId: keyId as KeyId });
  }

  /** Those of these keys that are registered. */
  findAll(keyIds: readonly KeyId[]): Promise<SigningKeyEntity[]> {
    return this.keys.findBy({ keyId: In([...keyIds]) });
  }

  /** Changes what people call a key and whose it is. @returns null when there is no such key. */
  async rename(
    keyId: string,
    names: Partial<Pick<SigningKeyEntity, 'name' | 'owner'>>,
  ): Promise<SigningKeyEntity | null> {
    if (Object.keys(names).length > 0) await this.keys.update({ keyId: keyId as KeyId }, names);
    return this.find(keyId);
  }

  /** The keys that the service signs with. */
  async onlineKeys(): Promise<OnlineKeyRecord[]> {
    return (await this.keys.findBy({ uri: Not(IsNull()) })).filter(isOnline);
  }

  async onlineKeyIds(): Promise<ReadonlySet<KeyId>> {
    const keys = await this.keys.find({ select: { keyId: true }, where: { uri: Not(IsNull()) } });
    return new Set(keys.map(({ keyId }) => keyId));
  }

  private get keys() {
    return this.dataSource.getRepository(SigningKeyEntity);
  }
}

const AFTER = '(key.created_at, key.key_id) > (select created_at, key_id from signing_key where key_id = :after)';

function isOnline(key: SigningKeyEntity): key is OnlineKeyRecord {
  return key.uri !== null;
}
