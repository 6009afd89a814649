import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not } from 'typeorm';
import type { Origin } from '../audit-chain/audit-entry.js';
import type { KeyId, PublicKey } from '../tuf/key.js';
import { insertAuditEntries } from './audit-entries.js';
import { SigningKeyEntity } from './entities/signing-key.entity.js';

export type KeyKind = 'online' | 'offline';

/** A key that a key vault of this service signs with. */
export type OnlineKeyRecord = SigningKeyEntity & { readonly uri: string; readonly key: PublicKey };

/** The keys that have names: what they are called, whose they are, and which vault signs with the online ones. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns false when there is a key of this id already; it stays as it is. */
  add(key: SigningKeyEntity, origin: Origin): Promise<boolean> {
    const { keyId, uri, name, owner, createdAt } = key;
    const target = { keyId, name, owner, kind: uri === null ? 'offline' : 'online' };
    return this.dataSource.transaction(async (manager) => {
      const insertion = manager.createQueryBuilder().insert().into(SigningKeyEntity).values(key).orIgnore();
      const { raw } = await insertion.returning('key_id').execute();
      if (raw.length === 0) return false;
      await insertAuditEntries(manager, [{ ...origin, at: createdAt, action: 'add-key', target }]);
      return true;
    });
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
  rename(
    keyId: string,
    names: Partial<Pick<SigningKeyEntity, 'name' | 'owner'>>,
    origin: Origin,
    at: Date,
  ): Promise<SigningKeyEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      const where = { keyId: keyId as KeyId };
      const keys = manager.getRepository(SigningKeyEntity);
      if (Object.keys(names).length === 0) return keys.findOneBy(where);
      await keys.update(where, names);
      const renamed = await keys.findOneBy(where);
      const target = { keyId, ...names };
      if (renamed) await insertAuditEntries(manager, [{ ...origin, at, action: 'rename-key', target }]);
      return renamed;
    });
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
