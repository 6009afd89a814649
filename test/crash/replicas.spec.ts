import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { artifact } from '../support/artifacts.js';
import { until } from '../support/until.js';
import type { Member } from './fleet.js';
import type { Work } from './named-steps.js';
import { takerOf } from './order.js';
import { Scene } from './scene.js';
import { WORKS } from './work.js';

const PROCESSES = 3;
const PUBLISHERS = 3;
const TOGETHER_MS = 8_000;
/** The first half of the advisory lock that elects a publisher. */
const PUBLISHER_LOCK = 0x5452_5301;

let scene: Scene;
let { database, fleet, load, poller, repository } = {} as Scene;

beforeAll(async () => {
  scene = await Scene.open({ processes: PROCESSES, publishers: PUBLISHERS, bins: 8 });
  ({ database, fleet, load, poller, repository } = scene);
});

afterAll(async () => {
  for (const { process } of fleet?.up ?? []) process.signal('SIGCONT');
  await scene?.close();
});

describe(`${PROCESSES} processes`, () => {
  test('publish, sign again, rotate and import at once', async () => {
    const until = Date.now() + TOGETHER_MS;
    const works = (Object.keys(WORKS) as Work[]).flatMap((kind) => fleet.up.map((member) => ({ kind, member })));
    const rounds = works.map(async ({ kind, member }) => {
      for (; Date.now() < until; await pause(100)) await WORKS[kind](member, repository);
    });
    await Promise.all(rounds);
    expect(poller.found).toEqual([]);
  });

  // What ends its session is what PostgreSQL does with one that idles in a transaction, or a network that forgets it.
  test.each<[string, string, { readonly losesLock: boolean }]>([
    ['goes on', 'all signed, nothing checked', { losesLock: false }],
    ['goes on', 'about to commit', { losesLock: false }],
    ['has lost its lock', 'state read', { losesLock: true }],
    ['has lost its lock', 'all signed, nothing checked', { losesLock: true }],
    ['has lost its lock', 'planned, nothing written', { losesLock: true }],
    ['has lost its lock', 'versions written', { losesLock: true }],
    ['has lost its lock', 'about to commit', { losesLock: true }],
    ['has committed', 'commit sent', { losesLock: true }],
  ])(
    'one that is paused and %s when it continues forks nothing: %s',
    async (_, step, { losesLock }) => {
      const members = await fleet.listening(PROCESSES);
      const ask = (member: Member) => WORKS.artifacts(member, repository);
      const paused = await takerOf({ step, signal: 'SIGSTOP' }, fleet, scene.folder, ask);
      const other = members.find((member) => member !== paused) as Member;
      await until(() => isPaused(paused.process.pid));
      if (losesLock) {
        await endSessionOfPublisher();
        await expectPublishes(other);
      } else await pause(1_000);
      paused.process.signal('SIGCONT');
      await expectPublishes(paused);
      await expectPublishes(other);
      expect(load.failure).toBeNull();
      expect(poller.found).toEqual([]);
    },
    90_000,
  );

  test('did all of that: nothing is forked, lost or applied twice', async () => {
    await load.end();
    await scene.expectWhole(PROCESSES);
    expect((await poller.end()).violations).toEqual([]);
    const waiting = await database.query(`select id, kind from task where state = 'waiting'`);
    expect(waiting).toEqual([]);
  }, 120_000);
});

async function isPaused(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

async function endSessionOfPublisher(): Promise<void> {
  await database.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${PUBLISHER_LOCK}
       and database = (select oid from pg_database where datname = current_database())
       and pid in (select pid from pg_stat_activity where state = 'idle in transaction')`,
  );
}

let published = 0;

async function expectPublishes({ api }: Member): Promise<void> {
  published += 1;
  const change = { artifacts: [artifact(`goes-on/${published}`)] };
  const { status, body } = await api.post(`/repositories/${repository.name}/artifacts?wait=30`, change);
  expect([status, body.state]).toEqual([200, 'succeeded']);
}
