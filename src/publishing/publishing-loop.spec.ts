import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { CHANNELS, type Channel, type Listener, type Notifications, type Teller } from '../database/notifications.js';
import type { PublicationStore } from '../database/publication.store.js';
import type { TaskStore } from '../database/task.store.js';
import type { Published, Publisher } from './publisher.service.js';
import { PublishingLoop } from './publishing-loop.service.js';

const REPOSITORY = 1;
const ANOTHER_PROCESS = 4711;

/** One repository in which changes come to wait, a publisher that takes all that wait, and what other processes tell. */
class Waiting {
  /** How many changes each attempt found. */
  readonly found: number[] = [];
  /** Whether another process has it. */
  isTaken = false;
  /** Whether another process takes it after the next revision. */
  isTakenNext = false;
  /** Who is told of what waits here: all, where it is null. */
  publisher: Teller | null = null;
  /** Who was at each attempt to publish. */
  readonly publishers: (Teller | null)[] = [];
  private waiting = 0;
  private readonly listeners = new Map<string, Listener>();
  private readonly loop = new PublishingLoop(
    this as unknown as Publisher,
    { atOnce: 1 } as PublicationStore,
    { repositoriesWithWaitingTasks: async () => [] as number[] } as TaskStore,
    this as unknown as Notifications,
  );

  async start(): Promise<void> {
    await this.loop.onApplicationBootstrap();
  }

  on(channel: Channel, listener: Listener): void {
    this.listeners.set(channel, listener);
  }

  onReconnect(): void {}

  publisherIs(publisher: Teller): void {
    this.publisher = publisher;
  }

  publisherIsUnknown(): void {
    this.publisher = null;
  }

  hearOfRevision(teller: Teller): void {
    this.listeners.get(CHANNELS.revisionSettled)?.({ repositoryId: REPOSITORY }, teller);
  }

  add(changes: number): void {
    this.waiting += changes;
    this.loop.wake(REPOSITORY, changes);
  }

  async publish(): Promise<Published> {
    this.publishers.push(this.publisher);
    if (this.isTaken) return 'elsewhere';
    this.isTaken = this.isTakenNext;
    const changes = this.waiting;
    this.waiting = 0;
    this.found.push(changes);
    return changes === 0 ? 'idle' : { changes };
  }

  settled(): Promise<void> {
    return this.loop.beforeApplicationShutdown();
  }
}

test('those whom a revision answered and who ask again are published together', async () => {
  const repository = new Waiting();
  repository.add(64);
  await nextTurn();
  for (const changes of [1, 40, 23]) repository.add(changes);
  await repository.settled();
  expect(repository.found).toEqual([64, 64]);
});

test('who publishes one change after the other is not kept waiting', async () => {
  const repository = new Waiting();
  for (let change = 0; change < 3; change += 1) {
    repository.add(1);
    await nextTurn();
  }
  await repository.settled();
  expect(repository.found.filter((changes) => changes > 0)).toEqual([1, 1, 1]);
});

function useFakeTimers(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });
}

describe('the revision after one of many changes', () => {
  useFakeTimers();

  test('begins as soon as there are as many again', async () => {
    const repository = new Waiting();
    repository.add(64);
    await pass(0);
    repository.add(63);
    await pass(0);
    expect(repository.found).toEqual([64]);
    repository.add(1);
    await pass(0);
    expect(repository.found).toEqual([64, 64]);
    await pass(25);
    await repository.settled();
  });
});

describe('a repository that another process publishes', () => {
  useFakeTimers();

  test('is left to it for as long as its revisions come, and half a second after the last one', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.hearOfRevision(ANOTHER_PROCESS);
    repository.add(1);
    await pass(499);
    repository.hearOfRevision(ANOTHER_PROCESS);
    await pass(499);
    expect(repository.found).toEqual([]);
    expect(repository.publisher).toBe(ANOTHER_PROCESS);
    await pass(1);
    expect(repository.found).toEqual([1, 0]);
    expect(repository.publishers[0]).toBe(null);
    await repository.settled();
  });

  test('is looked at after it, for that process may have died with what it alone was told', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.hearOfRevision(ANOTHER_PROCESS);
    await pass(500);
    expect(repository.found).toEqual([0]);
    await repository.settled();
  });

  test('is left to it where it was found at work before it was heard of', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.isTaken = true;
    repository.add(1);
    await pass(0);
    await pass(499);
    repository.isTaken = false;
    expect(repository.found).toEqual([]);
    await pass(1);
    expect(repository.found).toEqual([1, 0]);
    await repository.settled();
  });

  test('holds up no other one that is queued behind it', async () => {
    const published: number[] = [];
    const first = Promise.withResolvers<Published>();
    const listeners = new Map<Channel, Listener>();
    const loop = new PublishingLoop(
      { publish: (id: number) => (published.push(id) === 1 ? first.promise : Promise.resolve('idle')) } as Publisher,
      { atOnce: 1 } as PublicationStore,
      { repositoriesWithWaitingTasks: async () => [1, 2, 3] } as unknown as TaskStore,
      {
        on: (channel: Channel, listen: Listener) => listeners.set(channel, listen),
        onReconnect: () => undefined,
        publisherIs: () => undefined,
        publisherIsUnknown: () => undefined,
      } as unknown as Notifications,
    );
    await loop.onApplicationBootstrap();
    listeners.get(CHANNELS.revisionSettled)?.({ repositoryId: 2 }, ANOTHER_PROCESS);
    first.resolve('idle');
    await pass(0);
    expect(published).toEqual([1, 3]);
    await loop.beforeApplicationShutdown();
  });

  test('is told again to all when this process has published what waited', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.add(1);
    await pass(0);
    expect(repository.publishers).toEqual([null, 'this-process']);
    expect(repository.publisher).toBe(null);
    await repository.settled();
  });

  test('is told to all, too, when another process has taken it over, which is not heard of yet', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.add(1);
    repository.isTakenNext = true;
    await pass(0);
    expect(repository.publishers).toEqual([null, 'this-process']);
    expect(repository.found).toEqual([1]);
    expect(repository.publisher).toBe(null);
    await repository.settled();
  });

  test('is not mistaken for one that this process publishes', async () => {
    const repository = new Waiting();
    await repository.start();
    repository.hearOfRevision('this-process');
    repository.add(1);
    await pass(0);
    expect(repository.found).toEqual([1, 0]);
    await repository.settled();
  });
});

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}
