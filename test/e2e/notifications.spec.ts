import { CHANNELS, Notifications, type OtherProcess } from '../../src/database/notifications.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const REPOSITORY = 1;
const { changeWaiting, revisionSettled } = CHANNELS;

/** One that listens on the database as a process of the service does. */
class Process {
  readonly notifications: Notifications;
  /** How many changes it heard of, from other processes. */
  changes = 0;
  /** Who told of a revision last. */
  publisher: OtherProcess | null = null;

  constructor(url: string) {
    this.notifications = new Notifications(url);
    this.notifications.on(changeWaiting, ({ changes = 0 }, teller) => {
      if (teller !== 'this-process') this.changes += changes;
    });
    this.notifications.on(revisionSettled, (_, teller) => {
      if (teller !== 'this-process') this.publisher = teller;
    });
  }
}

describe('processes that tell each other what waits', () => {
  let database: TestDatabase;
  let processes: Process[];

  beforeEach(async () => {
    database = await createTestDatabase();
    processes = [1, 2, 3].map(() => new Process(database.url));
    for (const { notifications } of processes) await notifications.onApplicationBootstrap();
  });

  afterEach(async () => {
    for (const { notifications } of processes) await notifications.onApplicationShutdown();
    await database.drop();
  });

  test('tell all, until a publisher is known, and then it alone', async () => {
    const [teller, publisher, bystander] = processes as [Process, Process, Process];
    tell(teller, 1);
    await until(async () => publisher.changes === 1 && bystander.changes === 1);
    publisher.notifications.tell(revisionSettled, { repositoryId: REPOSITORY });
    await until(async () => teller.publisher !== null && teller.publisher === bystander.publisher);
    teller.notifications.publisherIs(teller.publisher as OtherProcess, REPOSITORY);
    tell(teller, 10);
    await until(async () => publisher.changes === 11);
    teller.notifications.publisherIs('this-process', REPOSITORY);
    tell(teller, 100);
    teller.notifications.publisherIsUnknown(REPOSITORY);
    tell(teller, 1_000);
    await until(async () => publisher.changes === 1_011); // PostgreSQL delivers in the order of commits
    await until(async () => bystander.changes === 1_001);
  });

  test('tell all of other repositories', async () => {
    const [teller, publisher, bystander] = processes as [Process, Process, Process];
    teller.notifications.publisherIs('this-process', REPOSITORY + 1);
    tell(teller, 1);
    await until(async () => publisher.changes === 1 && bystander.changes === 1);
  });
});

function tell({ notifications }: Process, changes: number): void {
  notifications.tell(changeWaiting, { repositoryId: REPOSITORY, changes });
}
