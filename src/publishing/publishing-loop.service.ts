import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CHANNELS, Notifications, type OtherProcess } from '../database/notifications.js';
import { PublicationStore } from '../database/publication.store.js';
import { TaskStore } from '../database/task.store.js';
import { logged } from '../logging/logged-error.js';
import { Gathering } from './gathering.js';
import { OtherPublishers } from './other-publishers.js';
import { type Published, Publisher } from './publisher.service.js';

const POLL_MS = 5_000;
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
  private readonly others = new OtherPublishers((repositoryId) => this.takeOver(repositoryId));
  private poll: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    private readonly publisher: Publisher,
    private readonly publications: PublicationStore,
    private readonly tasks: TaskStore,
    private readonly notifications: Notifications,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.notifications.on(CHANNELS.changeWaiting, ({ repositoryId, changes }) => this.wake(repositoryId, changes));
    this.notifications.on(CHANNELS.revisionSettled, ({ repositoryId }, teller) => {
      if (teller !== 'this-process') this.leaveTo(teller, repositoryId);
    });
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

  /**
   * Has a repository published until nothing waits or is due there; a failure is logged and retried by the poll.
   * @param changes that came to wait, as far as they were counted.
   */
  wake(repositoryId: number, changes = 0): void {
    if (this.isStopping) return;
    const running = this.runs.get(repositoryId);
    if (running) running.wake(changes);
    else if (this.others.areAtWork(repositoryId)) return;
    else if (this.runs.size < this.publications.atOnce) this.run(repositoryId);
    else this.queued.add(repositoryId);
  }

  private run(repositoryId: number): void {
    const run = new Run();
    this.runs.set(repositoryId, run);
    run.finished = this.untilNothingWaits(repositoryId, run).finally(() => this.end(repositoryId));
  }

  private end(repositoryId: number): void {
    this.runs.delete(repositoryId);
    this.notifications.publisherIsUnknown(repositoryId);
    for (const next of this.queued) {
      if (this.runs.size >= this.publications.atOnce) return;
      this.queued.delete(next);
      this.wake(next); // which may leave it to another process
    }
  }

  private async untilNothingWaits(repositoryId: number, run: Run): Promise<void> {
    try {
      let published: Published;
      do {
        await run.gathering.completed();
        run.isWantedAgain = false;
        published = await this.publisher.publish(repositoryId);
        if (published === 'elsewhere') return this.others.hear(repositoryId);
        this.others.forget(repositoryId);
        this.notifications.publisherIs('this-process', repositoryId);
        run.gathering = new Gathering(published === 'idle' ? 0 : published.changes);
      } while (!this.isStopping && (published !== 'idle' || run.isWantedAgain));
    } catch (error) {
      this.logger.error(...logged(`repository ${repositoryId} was not published; it is tried again`, error));
    }
  }

  private leaveTo(other: OtherProcess, repositoryId: number): void {
    this.others.hear(repositoryId);
    this.notifications.publisherIs(other, repositoryId);
  }

  /** Nobody else publishes it any more. What came to wait there was told to that process alone, which may have died since. */
  private takeOver(repositoryId: number): void {
    this.notifications.publisherIsUnknown(repositoryId);
    this.wake(repositoryId);
  }

  private async publishWaiting(): Promise<void> {
    try {
      for (const repositoryId of await this.tasks.repositoriesWithWaitingTasks()) this.wake(repositoryId);
    } catch (error) {
      this.logger.error(...logged('cannot look for waiting changes', error));
    }
  }
}

/** Of the publisher of a repository, until nothing waits there. */
class Run {
  isWantedAgain = false;
  /** After its last revision. */
  gathering = new Gathering(0);
  finished: Promise<void> = Promise.resolve();

  wake(changes: number): void {
    this.isWantedAgain = true;
    this.gathering.count(changes);
  }
}
