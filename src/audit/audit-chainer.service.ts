import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { AuditChainStore } from '../database/audit-chain.store.js';
import { logged } from '../logging/logged-error.js';

/** Hashing so many takes some ten milliseconds, in which nothing else runs. */
const AT_ONCE = 500;

/** Gives entries their places in the chains, soon after they were committed: no request waits for another's hash. */
@Injectable()
export class AuditChainer {
  private readonly logger = new Logger(AuditChainer.name);

  constructor(private readonly chains: AuditChainStore) {}

  @Cron(CronExpression.EVERY_SECOND, { waitForCompletion: true })
  async linkEntries(): Promise<void> {
    try {
      while ((await this.chains.linkNext(AT_ONCE)) === AT_ONCE);
    } catch (error) {
      this.logger.error(...logged('entries of the audit log are not linked yet', error));
    }
  }
}
