import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessTokenEntity } from './entities/access-token.entity.js';

@Injectable()
export class AccessTokenStore {
  constructor(private readonly dataSource: DataSource) {}

  findByHash(hash: Buffer): Promise<AccessTokenEntity | null> {
    return this.dataSource.getRepository(AccessTokenEntity).findOneBy({ hash });
  }

  count(): Promise<number> {
    return this.dataSource.getRepository(AccessTokenEntity).count();
  }

  /** Does nothing when a token with this hash is there. */
  async add(name: string, hash: Buffer, createdAt: Date): Promise<void> {
    await this.dataSource.query(
      'insert into access_token (id, name, hash, created_at) values ($1, $2, $3, $4) on conflict (hash) do nothing',
      [randomUUID(), name, hash, createdAt],
    );
  }
}
