import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { PublicationStore } from '../database/publication.store.js';
import { TaskStore } from '../database/task.store.js';
import { logged } from '../logging/logged-error.js';
import { type Published, Publisher } from './publisher.service.js';

const POLL_MS = 5_000;
const MAXIMUM_GATHERING_MS = 25;
/** How long another process may have to itself a repository that it publishes. */
const ELSEWHERE_MS = 100;
/** How long a stop waits for a key vault or a database that does not answer; what is not committed then waits on. */
const LAST_RUN_MS = 30_000;

/**
 * Runs the publisher of each repository whenever something may be waiting: on a notification, and on a slow poll for
 * what notifications missed. In this process a repository is published by one run at a time.
 */
@Injectable()
export class PublishingLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PublishingLoop.name);
  private readonly runs = new Map<number, Run>();
  private readonly queued = new Set<number>();
  private poll: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    private readonly publisher: Publisher,
    private readonly publications: PublicationStore,
    private readonly tasks: TaskStore,
    private readonly notifications: Notifications,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.notifications.on(CHANNELS.changeWaiting, (repositoryId) => this.wake(repositoryId));
    this.notifications.onReconnect(() => void this.publishWaiting());
    this.poll = setInterval(() => void this.publishWaiting(), POLL_MS);
    await this.publishWaiting();
  }

  /** Lets the revisions in hand finish; what still waits is durable and is published after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.poll) clearInterval(this.poll);
    const finished = Promise.all([...this.runs.values()].map((run) => run.finished));
    await Promise.race([finished, delay(LAST_RUN_MS, undefined, { ref: false })]);
  }

  /** Has a repository published until nothing waits or is due there; a failure is logged and retried by the poll. */
  wake(repositoryId: number): void {
    const running = this.runs.get(repositoryId);
    if (running) running.isWantedAgain = true;
    else if (this.runs.size < this.publications.atOnce) this.run(repositoryId);
    else this.queued.add(repositoryId);
  }

  private run(repositoryId: number): void {
    if (this.isStopping) return;
    const run: Run = { isWantedAgain: false, finished: Promise.resolve() };
    this.runs.set(repositoryId, run);
    run.finished = this.untilNothingWaits(repositoryId, run).finally(() => this.end(repositoryId));
  }

  private end(repositoryId: number): void {
    this.runs.delete(repositoryId);
    const [next] = this.queued;
    if (next === undefined) return;
    this.queued.delete(next);
    this.run(next);
  }

  private async untilNothingWaits(repositoryId: number, run: Run): Promise<void> {
    try {
      let published: Published;
      do {
        const started = performance.now();
        run.isWantedAgain = false;
        published = await this.publisher.publish(repositoryId);
        if (run.isWantedAgain) await delay(pauseAfter(published, performance.now() - started));
      } while ((published === 'published' || run.isWantedAgain) && !this.isStopping);
    } catch (error) {
      this.logger.error(...logged(`repository ${repositoryId} was not published; it is tried again`, error));
    }
  }

  private async publishWaiting(): Promise<void> {
    try {
      for (const repositoryId of await this.tasks.repositoriesWithWaitingTasks()) this.wake(repositoryId);
    } catch (error) {
      this.logger.error(...logged('cannot look for waiting changes', error));
    }
  }
}

// Under load the answers to a revision bring the next changes, all within a moment: one revision for them, not two. Another
// process that is publishing takes what waits here, too; if each published in turn, each had to read what the others did.
function pauseAfter(published: Published, revisionMs: number): number {
  return published === 'elsewhere' ? ELSEWHERE_MS : Math.min(revisionMs / 8, MAXIMUM_GATHERING_MS);
}

interface Run {
  isWantedAgain: boolean;
  finished: Promise<void>;
}
