import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeliveryState } from './entities/webhook-delivery.entity.js';
import { asPruner, WEBHOOK_EVENTS } from './pruning.js';

/** A message that this process has taken on, and that no other one sends meanwhile. */
export interface LeasedDelivery {
  readonly webhookId: string;
  readonly sequence: string;
  /** With this one. */
  readonly attempts: number;
  readonly repository: string;
  readonly url: string;
  readonly secret: string;
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly happenedAt: Date;
}

export interface DeliveryRecord {
  readonly sequence: string;
  readonly id: string;
  readonly type: string;
  readonly repository: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly happenedAt: Date;
  readonly nextAttemptAt: Date;
  readonly lastResult: string | null;
  readonly settledAt: Date | null;
}

const PRUNED_AT_ONCE = 2_000;

/** What webhooks are still to be told, and what they were told. */
@Injectable()
export class WebhookDeliveryStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes on messages that are due: of each webhook and repository only the first that waits, so that they come in
   * their order. Of two processes that want the same one, one gets it.
   * @param atOnce how many messages of one webhook may be on their way, from all processes: the others have theirs.
   */
  async lease(now: Date, seconds: number, atOnce: number): Promise<LeasedDelivery[]> {
    const [leased]: [LeasedDelivery[], number] = await this.dataSource.query(LEASE, [now, seconds, atOnce]);
    return leased;
  }

  /** The receiver has it. */
  async deliver({ webhookId, sequence, attempts }: LeasedDelivery, result: string, now: Date): Promise<void> {
    await this.dataSource.query(
      `update webhook_delivery set state = 'delivered', last_result = $4, settled_at = $5, leased_until = null
       where ${STILL_LEASED}`,
      [webhookId, sequence, attempts, result, now],
    );
  }

  /** It is tried again, and what follows in its repository waits for it. */
  async postpone({ webhookId, sequence, attempts }: LeasedDelivery, result: string, until: Date): Promise<void> {
    await this.dataSource.query(
      `update webhook_delivery set last_result = $4, next_attempt_at = $5, leased_until = null where ${STILL_LEASED}`,
      [webhookId, sequence, attempts, result, until],
    );
  }

  async giveUp({ webhookId, sequence, attempts }: LeasedDelivery, result: string, now: Date): Promise<void> {
    await this.dataSource.query(
      `update webhook_delivery set state = 'failed', last_result = $4, settled_at = $5, leased_until = null
       where ${STILL_LEASED}`,
      [webhookId, sequence, attempts, result, now],
    );
  }

  /** Whether the webhook took anything since then. */
  async hasDeliveredSince(webhookId: string, since: Date): Promise<boolean> {
    const [row] = await this.dataSource.query(
      `select exists (select from webhook_delivery
         where webhook_id = $1 and state = 'delivered' and settled_at >= $2) as found`,
      [webhookId, since],
    );
    return row.found;
  }

  async disable(webhookId: string, because: string): Promise<void> {
    await this.dataSource.query('update webhook set is_enabled = false, disabled_because = $2 where id = $1', [
      webhookId,
      because,
    ]);
  }

  /** Newest first, those before the sequence number `before`. */
  list(webhookId: string, before: string, limit: number): Promise<DeliveryRecord[]> {
    return this.dataSource.query(
      `select delivery.sequence, event.id, event.type, delivery.repository, delivery.state, delivery.attempts,
         event.happened_at as "happenedAt", delivery.next_attempt_at as "nextAttemptAt",
         delivery.last_result as "lastResult", delivery.settled_at as "settledAt"
       from webhook_delivery delivery join webhook_event event using (sequence)
       where delivery.webhook_id = $1 and ($2 = '' or delivery.sequence < $2::bigint)
       order by delivery.sequence desc limit $3`,
      [webhookId, before, limit],
    );
  }

  /** Has it tried again at once, whether it waits or was given up. @returns false when there is no such delivery. */
  async retry(webhookId: string, eventId: string, now: Date): Promise<boolean> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `update webhook_delivery set state = 'waiting', next_attempt_at = $3, settled_at = null,
         attempts = case when leased_until > clock_timestamp() then attempts else 0 end
       where webhook_id = $1 and state <> 'delivered'
         and sequence = (select sequence from webhook_event where id = $2)`,
      [webhookId, eventId, now],
    );
    return count > 0;
  }

  async isAnyWaiting(): Promise<boolean> {
    const [row] = await this.dataSource.query(
      `select exists (select from webhook_delivery where state = 'waiting') as found`,
    );
    return row.found;
  }

  /** Forgets a batch of what happened before a moment, told or not. @returns whether there is more. */
  async prune(happenedBefore: Date): Promise<boolean> {
    const isMore = await asPruner(this.dataSource, WEBHOOK_EVENTS, async (manager) => {
      const [, count]: [unknown, number] = await manager.query(
        `delete from webhook_event where sequence in (
           select sequence from webhook_event where happened_at < $1 order by happened_at limit $2)`,
        [happenedBefore, PRUNED_AT_ONCE],
      );
      return count === PRUNED_AT_ONCE;
    });
    return isMore ?? false;
  }
}

/** Who took longer than the lease lasts has lost it: another process may be at it. */
const STILL_LEASED = `webhook_id = $1 and sequence = $2 and attempts = $3 and state = 'waiting'`;

// From head to head by the index, however much waits behind one. Leases go by the clock of the database, which all
// processes share. The last condition is looked at again when another process was faster.
const LEASE = `
  with recursive queue as (
    select webhook.id as webhook_id, first.repository from webhook, lateral (
      select repository from webhook_delivery
      where state = 'waiting' and webhook_id = webhook.id order by repository limit 1) first
    where webhook.is_enabled
    union all
    select queue.webhook_id, next.repository from queue, lateral (
      select repository from webhook_delivery
      where state = 'waiting' and webhook_id = queue.webhook_id and repository > queue.repository
      order by repository limit 1) next
  ), head as (
    select first.webhook_id, first.sequence, first.next_attempt_at, exists (
        select from webhook_delivery other where other.webhook_id = queue.webhook_id
          and other.repository = queue.repository and other.leased_until > clock_timestamp()) as is_leased
    from queue, lateral (
      select * from webhook_delivery delivery
      where delivery.webhook_id = queue.webhook_id and delivery.repository = queue.repository and state = 'waiting'
      order by sequence limit 1) first
  ), leased as (
    select webhook_id, count(*) as count from head where is_leased group by webhook_id
  ), due as (
    select webhook_id, sequence,
      row_number() over (partition by webhook_id order by next_attempt_at, sequence) as place
    from head where next_attempt_at <= $1 and not is_leased
  )
  update webhook_delivery delivery set attempts = delivery.attempts + 1,
    leased_until = clock_timestamp() + make_interval(secs => $2)
  from due left join leased using (webhook_id), webhook, webhook_event event
  where due.place <= $3 - coalesce(leased.count, 0)
    and delivery.webhook_id = due.webhook_id and delivery.sequence = due.sequence
    and webhook.id = delivery.webhook_id and event.sequence = delivery.sequence
    and delivery.state = 'waiting' and (delivery.leased_until is null or delivery.leased_until <= clock_timestamp())
  returning delivery.webhook_id as "webhookId", delivery.sequence, delivery.attempts, delivery.repository, webhook.url,
    webhook.secret, event.id, event.type, event.data, event.happened_at as "happenedAt"`;
