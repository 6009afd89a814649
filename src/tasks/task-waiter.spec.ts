import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Listener, Notifications } from '../database/notifications.js';
import type { SettledTask } from '../database/settled-task.js';
import type { TaskRecord, TaskStore } from '../database/task.store.js';
import { TaskWaiter } from './task-waiter.service.js';

const ANOTHER_PROCESS = 4711;
const CREATED_AT = new Date('2026-11-26T12:00:00Z');
const WAITING = { id: 'a', kind: 'add-artifacts', state: 'waiting', createdAt: CREATED_AT } as TaskRecord;
const SETTLED = { ...WAITING, state: 'succeeded' } as TaskRecord;
const SETTLEMENT: SettledTask = {
  id: 'a',
  state: 'succeeded',
  outcome: { state: 'succeeded' },
  revision: 7,
  settledAt: new Date('2026-11-26T12:00:01Z'),
};
/** Less than the time after which the waiter looks by itself. */
const PATIENCE_MS = 1_000;

/** A waiter for whom everything is settled when it looks. */
class Waited {
  looks = 0;
  /** How many were told at once, each time. */
  readonly expected: number[] = [];
  private hear: Listener = () => undefined;
  readonly waiter: TaskWaiter;

  constructor(now: Date) {
    this.waiter = new TaskWaiter(
      this as unknown as TaskStore,
      this as unknown as Notifications,
      { now: () => now } as Clock,
    );
    this.waiter.onApplicationBootstrap();
  }

  on(_: string, hear: Listener): void {
    this.hear = hear;
  }

  onReconnect(): void {}

  /** @param settled where this process published it. */
  hearOfRevision(settled?: readonly SettledTask[]): void {
    const [message, teller] = [{ repositoryId: 1 }, settled ? 'this-process' : ANOTHER_PROCESS] as const;
    this.hear(settled ? { ...message, settled } : message, teller);
  }

  expect(tasks: number): void {
    this.expected.push(tasks);
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

  test('is told at once, and nobody looks, of a revision that this process published', async () => {
    const waited = new Waited(CREATED_AT);
    const callers = [waited.waiter.settled(WAITING, PATIENCE_MS), waited.waiter.settled(WAITING, PATIENCE_MS)];
    waited.hearOfRevision([SETTLEMENT, { ...SETTLEMENT, id: 'b' }]);
    const { state, outcome, revision, settledAt } = SETTLEMENT;
    for (const caller of callers) expect(await caller).toEqual({ ...WAITING, state, outcome, revision, settledAt });
    expect(waited.looks).toBe(0);
    expect(waited.expected).toEqual([1]);
    waited.waiter.beforeApplicationShutdown();
  });

  test.each([
    ['an import', { kind: 'import-artifacts' }, []],
    ['what awaited approval', { state: 'awaiting-approval' }, [SETTLEMENT]],
  ] as const)('is told of %s as it is found then', async (_, task, settled) => {
    const waited = new Waited(CREATED_AT);
    const caller = waited.waiter.settled({ ...WAITING, ...task }, PATIENCE_MS);
    waited.hearOfRevision(settled);
    expect(await caller).toBe(SETTLED);
    waited.waiter.beforeApplicationShutdown();
  });

  test('is not looked for after a revision of this process that left the task waiting', async () => {
    const waited = new Waited(new Date(CREATED_AT.getTime() - 1));
    const caller = waited.waiter.settled(WAITING, PATIENCE_MS / 4);
    waited.hearOfRevision([{ ...SETTLEMENT, id: 'b' }]);
    expect(await caller).toBeNull();
    expect(waited.looks).toBe(0);
    waited.waiter.beforeApplicationShutdown();
  });
});
