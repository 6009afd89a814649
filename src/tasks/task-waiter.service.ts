import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock.js';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { type TaskRecord, TaskStore } from '../database/task.store.js';

const POLL_MS = 2_000;
/** What may have been settled before it was waited for is looked for after that time, together with others. */
const FIRST_LOOK_MS = 100;

type Settled = (task: TaskRecord | null) => void;

/** Tells callers when a task is settled, whichever process settles it. */
@Injectable()
export class TaskWaiter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskWaiter.name);
  private readonly waiting = new Map<string, Set<Settled>>();
  private poll: NodeJS.Timeout | null = null;
  private firstLook: NodeJS.Timeout | null = null;
  /** When a revision was heard of last. */
  private heardAt: Date | null = null;
  private isLooking = false;
  private isWantedAgain = false;
  private isStopping = false;

  constructor(
    private readonly tasks: TaskStore,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.notifications.on(CHANNELS.revisionSettled, () => {
      this.heardAt = this.clock.now();
      void this.look();
    });
    this.notifications.onReconnect(() => void this.look());
    this.poll = setInterval(() => void this.look(), POLL_MS);
  }

  /** Whoever still waits is answered with what is known now. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    if (this.poll) clearInterval(this.poll);
    if (this.firstLook) clearTimeout(this.firstLook);
    for (const settled of [...this.waiting.values()].flatMap((set) => [...set])) settled(null);
    this.waiting.clear();
  }

  /** Resolves with the settled task, or with null when `milliseconds` pass or `signal` aborts before. */
  async settled(task: TaskRecord, milliseconds: number, signal?: AbortSignal): Promise<TaskRecord | null> {
    if (task.state !== 'waiting' && task.state !== 'awaiting-approval') return task;
    if (this.isStopping || signal?.aborted) return null;
    return new Promise((resolve) => {
      const settle: Settled = (outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
        this.forget(task.id, settle);
        resolve(outcome);
      };
      const abandon = () => settle(null);
      const timer = setTimeout(abandon, milliseconds);
      signal?.addEventListener('abort', abandon);
      this.waiting.set(task.id, (this.waiting.get(task.id) ?? new Set()).add(settle));
      if (this.heardAt && this.heardAt >= task.createdAt) this.lookSoon();
    });
  }

  private lookSoon(): void {
    this.firstLook ??= setTimeout(() => {
      this.firstLook = null;
      void this.look();
    }, FIRST_LOOK_MS);
  }

  // One look at a time: those who come to wait meanwhile are served by the next one, all together.
  private async look(): Promise<void> {
    this.isWantedAgain = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.isWantedAgain && this.waiting.size > 0) {
        this.isWantedAgain = false;
        await this.tellSettled();
      }
    } catch (error) {
      this.logger.warn(`cannot look for settled tasks: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.isLooking = false;
    }
  }

  private async tellSettled(): Promise<void> {
    for (const task of await this.tasks.findSettled([...this.waiting.keys()])) {
      for (const settled of this.waiting.get(task.id) ?? []) settled(task);
    }
  }

  private forget(id: string, settled: Settled): void {
    const set = this.waiting.get(id);
    set?.delete(settled);
    if (set?.size === 0) this.waiting.delete(id);
  }
}
