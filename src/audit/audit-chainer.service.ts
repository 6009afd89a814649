import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { AuditChainStore } from '../database/audit-chain.store.js';
import { logged } from '../logging/logged-error.js';

/** Hashing so many takes some ten milliseconds, in which nothing else runs. */
const AT_ONCE = 500;

/** Gives entries their places in the chains, soon after they were committed: no request waits for another's hash. */
@Injectable()
export class AuditChainer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AuditChainer.name);
  private running = Promise.resolve();
  private isStopping = false;

  constructor(private readonly chains: AuditChainStore) {}

  @Cron(CronExpression.EVERY_SECOND, { waitForCompletion: true })
  async linkEntries(): Promise<void> {
    if (this.isStopping) return;
    this.running = this.linkAll().catch((error) => {
      this.logger.error(...logged('entries of the audit log are not linked yet', error));
    });
    await this.running;
  }

  /** What is not linked yet is linked after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async linkAll(): Promise<void> {
    while (!this.isStopping && (await this.chains.linkNext(AT_ONCE)) === AT_ONCE);
  }
}
