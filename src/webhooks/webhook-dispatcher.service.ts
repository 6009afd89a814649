import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock.js';
import { type LeasedDelivery, WebhookDeliveryStore } from '../database/webhook-delivery.store.js';
import { logged } from '../logging/logged-error.js';
import { webhookDeliveries } from '../telemetry.js';
import { pauseAfter } from './retry-schedule.js';
import { reasonOf, WebhookSender } from './webhook-sender.js';

/** Messages of one webhook on their way at once: so that a receiver that is slow holds up its own alone. */
const AT_ONCE = 4;
/** Longer than an attempt takes; after a crash others take over when it is over. */
const LEASE_SECONDS = 60;
/** Looking takes the database this much of its time at most, however much waits for receivers that are dead. */
const SHARE_OF_LOOKING = 1 / 20;
const LONGEST_REST_MS = 10_000;

/** Tells webhooks what happened: at least once, in order for each repository, until they answer or are given up. */
@Injectable()
export class WebhookDispatcher implements BeforeApplicationShutdown {
  private readonly logger = new Logger(WebhookDispatcher.name);
  private readonly running = new Set<Promise<void>>();
  private soon: NodeJS.Timeout | null = null;
  private restUntil = 0;
  private isLooking = false;
  private isStopping = false;

  constructor(
    private readonly deliveries: WebhookDeliveryStore,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
  ) {}

  @Cron(CronExpression.EVERY_SECOND)
  async tellWhatWaits(): Promise<void> {
    const started = performance.now();
    if (this.isLooking || this.isStopping || started < this.restUntil) return;
    this.isLooking = true;
    try {
      if (await this.deliveries.isAnyWaiting()) await this.startSending();
    } catch (error) {
      this.logger.warn(...logged('webhooks are told later', error));
    } finally {
      const ended = performance.now();
      this.restUntil = ended + Math.min(LONGEST_REST_MS, (ended - started) / SHARE_OF_LOOKING);
      this.isLooking = false;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.soon) clearTimeout(this.soon);
    await Promise.all(this.running);
  }

  private async startSending(): Promise<void> {
    for (const delivery of await this.deliveries.lease(this.clock.now(), LEASE_SECONDS, AT_ONCE)) {
      const sending = this.deliver(delivery).finally(() => {
        this.running.delete(sending);
        this.lookSoon(); // for what follows in its repository
      });
      this.running.add(sending);
    }
  }

  private lookSoon(): void {
    if (this.isStopping) return;
    this.soon ??= setTimeout(
      () => {
        this.soon = null;
        if (this.isLooking) this.lookSoon();
        else void this.tellWhatWaits();
      },
      Math.max(1, Math.ceil(this.restUntil - performance.now())),
    );
  }

  private async deliver(delivery: LeasedDelivery): Promise<void> {
    try {
      const { repository, data } = delivery;
      const message = { ...delivery, data: { repository, ...data } };
      await this.conclude(delivery, await this.attempt(delivery, message));
    } catch (error) {
      const about = { webhook: delivery.webhookId, event: delivery.id };
      this.logger.warn(...logged('a webhook message is sent again when its lease is over', error, about));
    }
  }

  private async attempt({ url, secret }: LeasedDelivery, message: LeasedDelivery): Promise<Attempt> {
    try {
      const status = await this.sender.send(url, secret, message, this.clock.now());
      return { status, result: `answered ${status}` };
    } catch (error) {
      return { status: null, result: reasonOf(error) };
    }
  }

  private async conclude(delivery: LeasedDelivery, { status, result }: Attempt): Promise<void> {
    const now = this.clock.now();
    webhookDeliveries.tell({ outcome: outcomeOf(status) });
    if (outcomeOf(status) === 'delivered') return this.deliveries.deliver(delivery, result, now);
    if (status === 410) return this.giveUp(delivery, result, 'it answered 410 Gone'); // whoever was there wants no more
    const pause = pauseAfter(delivery.attempts, Math.random());
    if (pause !== null) return this.deliveries.postpone(delivery, result, new Date(now.getTime() + pause));
    const isAlive = await this.deliveries.hasDeliveredSince(delivery.webhookId, delivery.happenedAt);
    await this.giveUp(delivery, result, isAlive ? null : `it took no message in all attempts; at last: ${result}`);
  }

  /** Messages for a receiver that is dead would pile up: it is told nothing any more, unless it takes others. */
  private async giveUp(delivery: LeasedDelivery, result: string, disabledBecause: string | null): Promise<void> {
    const about = { webhook: delivery.webhookId, event: delivery.id };
    await this.deliveries.giveUp(delivery, result, this.clock.now());
    this.logger.warn({ message: `a webhook was not told of an event: ${result}`, ...about });
    if (disabledBecause === null) return;
    await this.deliveries.disable(delivery.webhookId, disabledBecause);
    this.logger.warn({ message: `a webhook was disabled: ${disabledBecause}`, ...about });
  }
}

interface Attempt {
  /** Null where nobody answered. */
  readonly status: number | null;
  readonly result: string;
}

function outcomeOf(status: number | null): 'delivered' | 'refused' | 'unreachable' {
  if (status === null) return 'unreachable';
  return status >= 200 && status < 300 ? 'delivered' : 'refused';
}
