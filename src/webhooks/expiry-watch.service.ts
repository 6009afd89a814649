import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock.js';
import { ExpiryNotices } from '../database/expiry-notice.store.js';
import { logged } from '../logging/logged-error.js';

/** Looks for what is about to expire although somebody should have signed it again. */
@Injectable()
export class ExpiryWatch {
  private readonly logger = new Logger(ExpiryWatch.name);

  constructor(
    private readonly notices: ExpiryNotices,
    private readonly clock: Clock,
  ) {}

  @Cron(CronExpression.EVERY_10_SECONDS, { waitForCompletion: true })
  async tellNear(): Promise<void> {
    try {
      await this.notices.tellNear(this.clock.now());
    } catch (error) {
      this.logger.warn(...logged('cannot look for what expires soon', error));
    }
  }
}
