import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Notifications } from '../database/notifications.js';
import type { TaskRecord, TaskStore } from '../database/task.store.js';
import { TaskWaiter } from './task-waiter.service.js';

const CREATED_AT = new Date('2026-11-26T12:00:00Z');
const WAITING = { id: 'a', state: 'waiting', createdAt: CREATED_AT } as TaskRecord;
const SETTLED = { ...WAITING, state: 'succeeded' } as TaskRecord;
/** Less than the time after which the waiter looks by itself. */
const PATIENCE_MS = 1_000;

/** A waiter for whom everything is settled when it looks. */
class Waited {
  looks = 0;
  private hear: () => void = () => undefined;
  readonly waiter: TaskWaiter;

  constructor(now: Date) {
    this.waiter = new TaskWaiter(
      this as unknown as TaskStore,
      this as unknown as Notifications,
      { now: () => now } as Clock,
    );
    this.waiter.onApplicationBootstrap();
  }

  on(_: string, hear: () => void): void {
    this.hear = hear;
  }

  onReconnect(): void {}

  hearOfRevision(): void {
    this.hear();
  }

  async findSettled(): Promise<readonly TaskRecord[]> {
    this.looks += 1;
    return [SETTLED];
  }
}

describe('who waits for a task', () => {
  test('is told of one that was settled before, where a revision was heard of since the task was there', async () => {
    const waited = new Waited(CREATED_AT);
    waited.hearOfRevision();
    expect(await waited.waiter.settled(WAITING, PATIENCE_MS)).toBe(SETTLED);
    waited.waiter.beforeApplicationShutdown();
  });

  test('is told after the next revision, and nobody looks before it, where none was heard of since', async () => {
    const waited = new Waited(new Date(CREATED_AT.getTime() - 1));
    waited.hearOfRevision();
    const settled = waited.waiter.settled(WAITING, PATIENCE_MS);
    await delay(PATIENCE_MS / 4);
    expect(waited.looks).toBe(0);
    waited.hearOfRevision();
    expect(await settled).toBe(SETTLED);
    waited.waiter.beforeApplicationShutdown();
  });
});
