import type { DataSource } from 'typeorm';
import type { RepositoryLifecycle } from './entities/repository.entity.js';
import type { Notifications } from './notifications.js';
import { RepositoryStore } from './repository.store.js';

/** Repositories of one database, each in a state. */
class Database {
  reconnect: () => void = () => undefined;
  readonly store = new RepositoryStore(this as unknown as DataSource, this as unknown as Notifications);

  constructor(private readonly states: Readonly<Record<string, RepositoryLifecycle>>) {}

  onReconnect(listener: () => void): void {
    this.reconnect = listener;
  }

  async query(_: string, [names]: [readonly string[]]): Promise<object[]> {
    return names.map((name, index) => ({ id: index + 1, name, state: this.states[name] }));
  }
}

describe('which repository it is', () => {
  test.each<[RepositoryLifecycle, boolean]>([
    ['awaiting-signatures', false],
    ['bootstrapping', false],
    ['refused', false],
    ['ready', true],
  ])('of one that is %s is remembered: %s', async (state, isRemembered) => {
    const { store } = new Database({ app: state });
    expect(store.rememberedReady('app')).toBeUndefined();
    await store.findByName('app');
    expect(store.rememberedReady('app')).toEqual(isRemembered ? { id: 1, name: 'app' } : undefined);
  });

  test('is forgotten when a connection was lost, for then it may be another database', async () => {
    const database = new Database({ app: 'ready' });
    await database.store.findByName('app');
    database.reconnect();
    expect(database.store.rememberedReady('app')).toBeUndefined();
  });
});
