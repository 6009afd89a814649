import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyId } from '../tuf/key.js';
import { OnlineKeyEntity } from './entities/online-key.entity.js';

/** The online keys: what they are called and which vault signs with them. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns false when there is a key of this id already; it stays as it is. */
  async add(key: OnlineKeyEntity): Promise<boolean> {
    const { raw } = await this.keys.createQueryBuilder().insert().values(key).orIgnore().returning('key_id').execute();
    return raw.length > 0;
  }

  list(): Promise<OnlineKeyEntity[]> {
    return this.keys.find({ order: { createdAt: 'ASC', keyId: 'ASC' } });
  }

  find(keyId: string): Promise<OnlineKeyEntity | null> {
    return this.keys.findOneBy({ keyId: keyId as KeyId });
  }

  async keyIds(): Promise<ReadonlySet<KeyId>> {
    const keys = await this.keys.find({ select: { keyId: true } });
    return new Set(keys.map(({ keyId }) => keyId));
  }

  private get keys() {
    return this.dataSource.getRepository(OnlineKeyEntity);
  }
}
