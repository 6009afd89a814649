import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import type { Origin } from '../audit-chain/audit-entry.js';
import { insertAuditEntries } from './audit-entries.js';
import { TrustedPublisherEntity } from './entities/trusted-publisher.entity.js';
import { CHANNELS } from './notifications.js';

@Injectable()
export class TrustedPublisherStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those of an issuer that are valid, oldest first. */
  ofIssuer(issuer: string, now: Date): Promise<TrustedPublisherEntity[]> {
    return this.publishers.find({
      where: [
        { issuer, expiresAt: IsNull() },
        { issuer, expiresAt: MoreThan(now) },
      ],
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  find(id: string): Promise<TrustedPublisherEntity | null> {
    return this.publishers.findOneBy({ id });
  }

  /** Newest first, those after the one with the id `after`. */
  list(after: string, limit: number): Promise<TrustedPublisherEntity[]> {
    const query = this.publishers.createQueryBuilder('publisher');
    query.orderBy({ 'publisher.createdAt': 'DESC', 'publisher.id': 'DESC' });
    if (after) query.andWhere(AFTER, { after });
    return query.limit(limit).getMany();
  }

  /** Every process sees it at once. */
  add(publisher: TrustedPublisherEntity, origin: Origin): Promise<void> {
    const { id, name, issuer, audience, claims, scopes, repositories, paths, createdAt, expiresAt } = publisher;
    const rights = { scopes, repositories, paths, expiresAt: expiresAt?.toISOString() ?? null };
    const target = { trustedPublisher: id, name, issuer, audience, claims, ...rights };
    return this.change(async (manager) => {
      await manager.insert(TrustedPublisherEntity, publisher);
      await insertAuditEntries(manager, [{ ...origin, at: createdAt, action: 'add-trusted-publisher', target }]);
    });
  }

  /** Every process forgets it. */
  remove({ id, name }: TrustedPublisherEntity, now: Date, origin: Origin): Promise<void> {
    const target = { trustedPublisher: id, name };
    return this.change(async (manager) => {
      const { affected } = await manager.delete(TrustedPublisherEntity, { id });
      if (affected === 0) return;
      await insertAuditEntries(manager, [{ ...origin, at: now, action: 'remove-trusted-publisher', target }]);
    });
  }

  async noteUse(id: string, now: Date): Promise<void> {
    await this.dataSource.query(
      'update trusted_publisher set last_used_at = greatest(last_used_at, $2) where id = $1',
      [id, now],
    );
  }

  private async change(by: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await by(manager);
      await manager.query('select pg_notify($1, $2)', [CHANNELS.accessChanged, '']);
    });
  }

  private get publishers() {
    return this.dataSource.getRepository(TrustedPublisherEntity);
  }
}

const AFTER = '(publisher.created_at, publisher.id) < (select created_at, id from trusted_publisher where id = :after)';
