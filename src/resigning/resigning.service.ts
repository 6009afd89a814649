import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock.js';
import { MetadataStore } from '../database/metadata.store.js';
import { logged } from '../logging/logged-error.js';
import { PublishingLoop } from '../publishing/publishing-loop.service.js';

/** Keeps every online role fresh without any traffic. */
@Injectable()
export class ResigningService {
  private readonly logger = new Logger(ResigningService.name);

  constructor(
    private readonly metadata: MetadataStore,
    private readonly publishing: PublishingLoop,
    private readonly clock: Clock,
  ) {}

  /** Every second, because a renewal window may be a few seconds; where nothing is due, the query behind it reads one entry of an index. */
  @Cron(CronExpression.EVERY_SECOND, { waitForCompletion: true })
  async resignDueRoles(): Promise<void> {
    try {
      const repositories = await this.metadata.repositoriesWithDueRoles(this.clock.now());
      for (const repositoryId of repositories) this.publishing.wake(repositoryId);
    } catch (error) {
      this.logger.error(...logged('cannot look for roles that are due for signing', error));
    }
  }
}
