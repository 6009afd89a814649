import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Notifications } from '../database/notifications.js';
import type { PublicationStore } from '../database/publication.store.js';
import type { TaskStore } from '../database/task.store.js';
import type { Published, Publisher } from './publisher.service.js';
import { PublishingLoop } from './publishing-loop.service.js';

const REPOSITORY = 1;

/** One repository in which changes come to wait, and a publisher that takes all that wait. */
class Waiting {
  /** How many changes each attempt found. */
  readonly found: number[] = [];
  private waiting = 0;
  private readonly loop = new PublishingLoop(
    this as unknown as Publisher,
    { atOnce: 1 } as PublicationStore,
    {} as TaskStore,
    {} as Notifications,
  );

  add(changes: number): void {
    this.waiting += changes;
    this.loop.wake(REPOSITORY);
  }

  async publish(): Promise<Published> {
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
