import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock.js';
import { CHANNELS, Notifications } from '../database/notifications.js';
import type { SettledTask } from '../database/settled-task.js';
import { type TaskRecord, TaskStore } from '../database/task.store.js';

const POLL_MS = 2_000;
/** What may have been settled before it was waited for is looked for after that time, together with others. */
const FIRST_LOOK_MS = 100;

type Settle = (task: TaskRecord | null) => void;

/** A task that is waited for, by one or several. */
interface Waiting {
  readonly task: TaskRecord;
  readonly settlers: Set<Settle>;
}

/** Tells callers when a task is settled, whichever process settles it. */
@Injectable()
export class TaskWaiter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskWaiter.name);
  private readonly waiting = new Map<string, Waiting>();
  /** Tasks to look for next. */
  private readonly inDoubt = new Set<string>();
  /** Tasks that may have been settled before they were waited for. */
  private readonly late = new Set<string>();
  private poll: NodeJS.Timeout | null = null;
  private lookAtLate: NodeJS.Timeout | null = null;
  /** When a revision was heard of last. */
  private heardAt: Date | null = null;
  private isLooking = false;
  private isStopping = false;

  constructor(
    private readonly tasks: TaskStore,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.notifications.on(CHANNELS.revisionSettled, ({ settled }) => this.hear(settled));
    this.notifications.onReconnect(() => void this.look(this.waiting.keys()));
    this.poll = setInterval(() => void this.look(this.waiting.keys()), POLL_MS);
  }

  /** Whoever still waits is answered with what is known now. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    if (this.poll) clearInterval(this.poll);
    if (this.lookAtLate) clearTimeout(this.lookAtLate);
    for (const { settlers } of [...this.waiting.values()]) for (const settle of [...settlers]) settle(null);
    this.waiting.clear();
  }

  /** Resolves with the settled task, or with null when `milliseconds` pass or `signal` aborts before. */
  async settled(task: TaskRecord, milliseconds: number, signal?: AbortSignal): Promise<TaskRecord | null> {
    if (task.state !== 'waiting' && task.state !== 'awaiting-approval') return task;
    if (this.isStopping || signal?.aborted) return null;
    return new Promise((resolve) => {
      const settle: Settle = (outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
        this.forget(task.id, settle);
        resolve(outcome);
      };
      const abandon = () => settle(null);
      const timer = setTimeout(abandon, milliseconds);
      signal?.addEventListener('abort', abandon);
      this.keep(task, settle);
    });
  }

  private keep(task: TaskRecord, settle: Settle): void {
    const known = this.waiting.get(task.id);
    if (known) known.settlers.add(settle);
    else this.waiting.set(task.id, { task, settlers: new Set([settle]) });
    if (this.heardAt && this.heardAt >= task.createdAt) this.lookSoon(task.id);
  }

  /** @param settled what a revision of this process made of tasks; undefined where that is not known. */
  private hear(settled: readonly SettledTask[] | undefined): void {
    this.heardAt = this.clock.now();
    if (!settled) return void this.look(this.waiting.keys());
    const known = settled.flatMap((settlement) => {
      const task = this.waiting.get(settlement.id)?.task;
      return task && isToldWhenSettled(task) ? [{ ...task, ...settlement }] : [];
    });
    this.tell(known);
    const others = [...this.waiting.values()].filter(({ task }) => !isToldWhenSettled(task));
    void this.look(others.map(({ task }) => task.id));
  }

  private tell(settled: readonly TaskRecord[]): void {
    for (const task of settled) {
      for (const settle of this.waiting.get(task.id)?.settlers ?? []) settle(task);
    }
    if (settled.length > 0) this.tasks.expect(settled.length);
  }

  private lookSoon(id: string): void {
    this.late.add(id);
    this.lookAtLate ??= setTimeout(() => {
      this.lookAtLate = null;
      void this.look(this.late);
      this.late.clear();
    }, FIRST_LOOK_MS);
  }

  // One look at a time: what is in doubt meanwhile is found by the next one, all together.
  private async look(ids: Iterable<string>): Promise<void> {
    for (const id of ids) this.inDoubt.add(id);
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.inDoubt.size > 0) await this.lookOnce();
    } catch (error) {
      this.logger.warn(`cannot look for settled tasks: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.isLooking = false;
    }
  }

  private async lookOnce(): Promise<void> {
    const ids = [...this.inDoubt].filter((id) => this.waiting.has(id));
    this.inDoubt.clear();
    if (ids.length > 0) this.tell(await this.tasks.findSettled(ids));
  }

  private forget(id: string, settle: Settle): void {
    const known = this.waiting.get(id);
    known?.settlers.delete(settle);
    if (known?.settlers.size === 0) this.waiting.delete(id);
  }
}

/** Imports have more to them than their outcome, and what awaits approval changes before it is settled. */
function isToldWhenSettled({ kind, state }: TaskRecord): boolean {
  return kind !== 'import-artifacts' && state === 'waiting';
}
