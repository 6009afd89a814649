import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyId } from '../tuf/key.js';
import { OnlineKeyEntity } from './entities/online-key.entity.js';

/** The online keys: what they are called and which vault signs with them. */
@Injectable()
export class KeyStore {
  constructor(private readonly dataSource: DataSource) {}

  async add(key: OnlineKeyEntity): Promise<void> {
    await this.keys.insert(key);
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
