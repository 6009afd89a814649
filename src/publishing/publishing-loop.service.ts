import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { TaskStore } from '../database/task.store.js';
import { logged } from '../logged-error.js';
import { Publisher } from './publisher.service.js';

const POLL_MS = 5_000;

/**
 * Runs the publisher of each repository whenever something may be waiting: on a notification, and on a slow poll for
 * what notifications missed. In this process a repository is published by one run at a time.
 */
@Injectable()
export class PublishingLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PublishingLoop.name);
  private readonly runs = new Map<number, Run>();
  private poll: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    private readonly publisher: Publisher,
    private readonly tasks: TaskStore,
    private readonly notifications: Notifications,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.notifications.on(CHANNELS.changeWaiting, (repositoryId) => void this.publish(repositoryId));
    this.notifications.onReconnect(() => void this.publishWaiting());
    this.poll = setInterval(() => void this.publishWaiting(), POLL_MS);
    await this.publishWaiting();
  }

  /** Lets the revisions in hand finish; what still waits is durable and is published after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.poll) clearInterval(this.poll);
    await Promise.all([...this.runs.values()].map(({ finished }) => finished));
  }

  /** Publishes until nothing waits or is due; resolves then, or at the first failure, which is logged and retried by the poll. */
  publish(repositoryId: number): Promise<void> {
    const running = this.runs.get(repositoryId);
    if (running) {
      running.isWantedAgain = true;
      return running.finished;
    }
    if (this.isStopping) return Promise.resolve();
    const run: Run = { isWantedAgain: false, finished: Promise.resolve() };
    this.runs.set(repositoryId, run);
    run.finished = this.untilNothingWaits(repositoryId, run).finally(() => this.runs.delete(repositoryId));
    return run.finished;
  }

  private async untilNothingWaits(repositoryId: number, run: Run): Promise<void> {
    try {
      let published: boolean;
      do {
        run.isWantedAgain = false;
        published = await this.publisher.publish(repositoryId);
      } while ((published || run.isWantedAgain) && !this.isStopping);
    } catch (error) {
      this.logger.error(...logged(`repository ${repositoryId} was not published; it is tried again`, error));
    }
  }

  private async publishWaiting(): Promise<void> {
    try {
      const repositories = await this.tasks.repositoriesWithWaitingTasks();
      await Promise.all(repositories.map((repositoryId) => this.publish(repositoryId)));
    } catch (error) {
      this.logger.error(...logged('cannot look for waiting changes', error));
    }
  }
}

interface Run {
  isWantedAgain: boolean;
  finished: Promise<void>;
}
