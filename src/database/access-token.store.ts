import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Origin } from '../audit-chain/audit-entry.js';
import { insertAuditEntries } from './audit-entries.js';
import { AccessTokenEntity } from './entities/access-token.entity.js';
import { CHANNELS } from './notifications.js';

@Injectable()
export class AccessTokenStore {
  constructor(private readonly dataSource: DataSource) {}

  findByHash(hash: Buffer): Promise<AccessTokenEntity | null> {
    return this.tokens.findOneBy({ hash });
  }

  find(id: string): Promise<AccessTokenEntity | null> {
    return this.tokens.findOneBy({ id });
  }

  count(): Promise<number> {
    return this.tokens.count();
  }

  /** Does nothing when a token with this hash is there. @param origin null where the service itself adds it. */
  async add(token: AccessTokenEntity, origin: Origin | null): Promise<void> {
    const { id, name, scopes, repositories, paths, createdAt, expiresAt } = token;
    const target = { token: id, name, scopes, repositories, paths, expiresAt: expiresAt?.toISOString() ?? null };
    await this.dataSource.transaction(async (manager) => {
      const insertion = manager.createQueryBuilder().insert().into(AccessTokenEntity).values(token).orIgnore();
      const { raw } = await insertion.returning('id').execute();
      if (raw.length === 0) return;
      await insertAuditEntries(manager, [{ ...origin, at: createdAt, action: 'create-token', target }]);
    });
  }

  /** Newest first, those after the one with the id `after`. */
  list(after: string, limit: number): Promise<AccessTokenEntity[]> {
    const query = this.tokens.createQueryBuilder('token').orderBy({ 'token.createdAt': 'DESC', 'token.id': 'DESC' });
    if (after) query.andWhere(AFTER, { after });
    return query.limit(limit).getMany();
  }

  /** Every process forgets the token, this one at once. A token that is revoked already stays as it is. */
  async revoke(id: string, now: Date, origin: Origin): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [revoked]: [{ name: string }[], number] = await manager.query(
        'update access_token set revoked_at = $2 where id = $1 and revoked_at is null returning name',
        [id, now],
      );
      const entries = revoked.map(({ name }) => ({ target: { token: id, name }, action: 'revoke-token' as const }));
      await insertAuditEntries(
        manager,
        entries.map((entry) => ({ ...origin, at: now, ...entry })),
      );
      await manager.query('select pg_notify($1, $2)', [CHANNELS.accessChanged, '']);
    });
  }

  async noteUse(id: string, now: Date): Promise<void> {
    await this.dataSource.query('update access_token set last_used_at = greatest(last_used_at, $2) where id = $1', [
      id,
      now,
    ]);
  }

  private get tokens() {
    return this.dataSource.getRepository(AccessTokenEntity);
  }
}

const AFTER = '(token.created_at, token.id) < (select created_at, id from access_token where id = :after)';
