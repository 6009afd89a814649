import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Origin } from '../audit-chain/audit-entry.js';
import { insertAuditEntries } from './audit-entries.js';
import { WebhookEntity } from './entities/webhook.entity.js';

/** What of a webhook may change. */
export type WebhookEdit = Partial<Pick<WebhookEntity, 'name' | 'events' | 'repositories' | 'isEnabled'>>;

@Injectable()
export class WebhookStore {
  constructor(private readonly dataSource: DataSource) {}

  async add(webhook: WebhookEntity, origin: Origin): Promise<void> {
    const { id, name, url, events, repositories, createdAt } = webhook;
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(WebhookEntity, webhook);
      const target = { webhook: id, name, url, events, repositories };
      await insertAuditEntries(manager, [{ ...origin, at: createdAt, action: 'add-webhook', target }]);
    });
  }

  count(): Promise<number> {
    return this.webhooks.count();
  }

  /** Newest first, those after the one with the id `after`. */
  list(after: string, limit: number): Promise<WebhookEntity[]> {
    const query = this.webhooks.createQueryBuilder('webhook');
    query.orderBy({ 'webhook.createdAt': 'DESC', 'webhook.id': 'DESC' });
    if (after) query.andWhere(AFTER, { after });
    return query.limit(limit).getMany();
  }

  find(id: string): Promise<WebhookEntity | null> {
    return this.webhooks.findOneBy({ id });
  }

  /** @returns null when there is no such webhook. */
  edit(id: string, edit: WebhookEdit, origin: Origin, now: Date): Promise<WebhookEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      if (Object.keys(edit).length > 0) await manager.update(WebhookEntity, { id }, { ...edit, disabledBecause: null });
      const webhook = await manager.findOneBy(WebhookEntity, { id });
      const target = { webhook: id, ...edit };
      if (webhook) await insertAuditEntries(manager, [{ ...origin, at: now, action: 'update-webhook', target }]);
      return webhook;
    });
  }

  /** With everything that it was still to be told. @returns false when there is no such webhook. */
  remove(id: string, origin: Origin, now: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(WebhookEntity, { id });
      if (affected === 0) return false;
      const target = { webhook: id };
      await insertAuditEntries(manager, [{ ...origin, at: now, action: 'remove-webhook', target }]);
      return true;
    });
  }

  private get webhooks() {
    return this.dataSource.getRepository(WebhookEntity);
  }
}

const AFTER = '(webhook.created_at, webhook.id) < (select created_at, id from webhook where id = :after)';
