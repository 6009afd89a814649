import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock.js';
import { ApprovalStore } from '../database/approval.store.js';
import { MetadataHistory, type PastRevisions } from '../database/metadata-history.store.js';
import { TaskHistory } from '../database/task-history.store.js';
import { WebhookDeliveryStore } from '../database/webhook-delivery.store.js';
import { logged } from '../logging/logged-error.js';
import { RetentionPeriods } from './retention-periods.js';

const WEBHOOK_EVENTS_KEPT_MS = 14 * 86_400_000;

/** Keeps the database from growing for ever: what is past and of no use goes, in small batches. */
@Injectable()
export class RetentionService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RetentionService.name);
  private running = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly metadata: MetadataHistory,
    private readonly tasks: TaskHistory,
    private readonly approvals: ApprovalStore,
    private readonly webhooks: WebhookDeliveryStore,
    private readonly periods: RetentionPeriods,
    private readonly clock: Clock,
  ) {}

  /** Often, so that each time there is little; with nothing to do it is four queries of an index each. */
  @Cron(CronExpression.EVERY_10_SECONDS, { waitForCompletion: true })
  async prune(): Promise<void> {
    this.running = this.pruneAll().catch((error) => {
      this.logger.error(...logged('cannot delete what is past; it is tried again', error));
    });
    await this.running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async pruneAll(): Promise<void> {
    const now = this.clock.now().getTime();
    await this.pruneMetadata(new Date(now - this.periods.metadataMargin));
    await this.expireApprovals(new Date(now - this.periods.approvals));
    await this.pruneTasks(new Date(now - this.periods.tasks));
    await this.pruneWebhookEvents(new Date(now - WEBHOOK_EVENTS_KEPT_MS));
  }

  private async pruneMetadata(expiredBefore: Date): Promise<void> {
    for (const repository of await this.metadata.repositoriesWithExpiredTimestamps(expiredBefore)) {
      let past: PastRevisions | null = await this.metadata.past(repository, expiredBefore);
      while (past && !this.isStopping) past = await this.metadata.prune(repository, past);
    }
  }

  private async expireApprovals(askedBefore: Date): Promise<void> {
    while (!this.isStopping && (await this.approvals.expire(askedBefore, this.clock.now())));
  }

  private async pruneTasks(settledBefore: Date): Promise<void> {
    while (!this.isStopping && (await this.tasks.prune(settledBefore)));
  }

  private async pruneWebhookEvents(happenedBefore: Date): Promise<void> {
    while (!this.isStopping && (await this.webhooks.prune(happenedBefore)));
  }
}
