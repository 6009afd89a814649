import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Answer, Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { ServiceProcess } from '../support/service-process.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import type { Member } from './fleet.js';
import { Load } from './load.js';
import { Poller } from './poller.js';
import { smallDisk } from './small-disk.js';
import { expectAllPublished, expectContiguousVersions } from './verdict.js';

const POOL = 5;
const MAX_CONNECTIONS = 20;
const PUBLISHERS = 4;
/** How soon the service is as before once PostgreSQL is. */
const HEALED_MS = 30_000;
/** How long small changes may find room yet on a disk that is full. */
const NOTICED_MS = 60_000;
const READING_MS = 3_000;
/** How long a client may have to wait for a file that nobody has asked for before the fault. */
const OUTAGE_MS = 10_000;

const disk = await smallDisk();

let folder: string;
let postgres: OwnPostgres;
let proxy: TcpProxy;
let service: ServiceProcess;
let member: Member;
let name: string;
let poller: Poller;
let load: Load;
let hogs: pg.Client[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-postgres-'));
  postgres = await OwnPostgres.start(join(folder, 'postgres'), { max_connections: String(MAX_CONNECTIONS) });
  await disk.prepare(postgres);
  proxy = await startTcpProxy(postgres.url);
  service = new ServiceProcess({
    TRS_DATA_DIR: folder,
    DATABASE_URL: proxy.url,
    TRS_DATABASE_POOL_SIZE: String(POOL),
    TRS_DATABASE_TIMEOUT: '5',
    TRS_LOG_LEVEL: 'error',
  });
  const url = await service.listening();
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  member = { process: service, url, api: new Api({ url, token }) };
  const repository = await readyRepository(member.api, { bins: { count: 4 } });
  name = repository.name;
  poller = await Poller.of(`${url}/repositories/${name}/metadata/`, repository.root, folder, OUTAGE_MS);
  load = new Load(async () => [member], name, poller, PUBLISHERS);
});

afterAll(async () => {
  load?.abandon();
  await poller?.abandon();
  await service?.stop('SIGKILL');
  await proxy?.close();
  await postgres?.signalAll('SIGCONT');
  await postgres?.stop();
  await disk.discard();
  await rm(folder, { recursive: true, force: true });
});

interface Fault {
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  /** What the service says of itself meanwhile; null where it may not notice. */
  readonly ready: string | null;
  /** The problem that publishers get; null where they may not notice. */
  readonly problem: string | null;
}

const nothing = async () => undefined;
const readOnly = (state: 'on' | 'off') =>
  postgres
    .asAdministrator(`alter system set default_transaction_read_only = ${state}`)
    .then(() => postgres.asAdministrator('select pg_reload_conf()'));

const FAULTS: Readonly<Record<string, Fault>> = {
  'is killed, and started again': {
    begin: () => postgres.kill(),
    end: () => postgres.start(),
    ready: 'database',
    problem: 'database-unavailable',
  },
  'is stopped, and started again': {
    begin: () => postgres.stop(),
    end: () => postgres.start(),
    ready: 'database',
    problem: 'database-unavailable',
  },
  'loses a backend to kill -9 and recovers by itself': {
    begin: async () => {
      const [row] = await postgres.query(`select pid from pg_stat_activity where application_name = 'trs' limit 1`);
      process.kill(Number(row?.pid), 'SIGKILL');
    },
    end: nothing,
    ready: null,
    problem: null,
  },
  'ends every session of the service, again and again': {
    begin: async () => {
      for (let time = 0; time < 10; time += 1) {
        await postgres.asAdministrator(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'trs%'`,
        );
        await pause(200);
      }
    },
    end: nothing,
    ready: null,
    problem: null,
  },
  'is slow': {
    begin: async () => proxy.slow(150),
    end: async () => proxy.mend(),
    ready: null,
    problem: null,
  },
  'is frozen, and goes on': {
    begin: () => postgres.signalAll('SIGSTOP'),
    end: () => postgres.signalAll('SIGCONT'),
    ready: null,
    problem: null,
  },
  'cannot be reached any more over the connections that there were, which nobody ends': {
    begin: async () => proxy.strand(),
    end: nothing,
    ready: null,
    problem: null,
  },
  'cannot be reached at all': {
    begin: async () => proxy.cut(),
    end: async () => proxy.mend(),
    ready: 'database',
    problem: 'database-unavailable',
  },
  'has no connections left': {
    begin: takeAllConnections,
    end: async () => {
      await Promise.all(hogs.map((hog) => hog.end()));
      hogs = [];
    },
    ready: 'database',
    problem: 'database-unavailable',
  },
  [disk.description]: {
    begin: async () => {
      await disk.fill(postgres);
      await until(async () => (await askForMuch()).status === 503);
    },
    end: () => disk.free(postgres),
    ready: null,
    problem: 'storage-full',
  },
  'is read-only': {
    begin: () => readOnly('on'),
    end: () => readOnly('off'),
    ready: 'database',
    problem: 'database-unavailable',
  },
};

describe('a PostgreSQL that', () => {
  test.each(Object.entries(FAULTS))(
    '%s: clients go on reading, publishers are put off, and all heals without a restart',
    async (_, { begin, end, ready, problem }) => {
      await publishes();
      load.putOff.length = 0;
      try {
        await load.whilePaused(async () => {
          await until(async () => (await isAllPublished()) && (await readAll()) === (await versionInForce()));
          await begin();
        });
        if (problem) await until(async () => load.putOff.includes(problem), NOTICED_MS);
        if (ready) await until(async () => (await readiness()).body[ready]?.status === 'down');
        await expectReadable();
      } finally {
        await end();
      }
      await publishes();
      await until(async () => (await readiness()).status === 200);
      expect(load.putOff.filter((code) => code !== (problem ?? 'database-unavailable'))).toEqual([]);
      expect(load.failure).toBeNull();
      expect(service.isRunning).toBe(true);
      await expectFewConnections();
    },
    180_000,
  );

  test('did all of that to it loses nothing, applies nothing twice, and was readable at every moment', async () => {
    await load.end();
    await expectAllPublished(member.api, name, load);
    await expectContiguousVersions({ query: (sql) => postgres.query(sql) });
    const { violations, polls } = await poller.end();
    expect(violations).toEqual([]);
    process.stdout.write(`${load.acknowledged.length} acknowledged changes, ${polls} polls\n`);
  });
});

/** What needs room that PostgreSQL has not set aside yet. */
function askForMuch(): Promise<Answer> {
  const artifacts = Array.from({ length: 100 }, () =>
    artifact(randomUUID(), '', { noise: randomBytes(20_000).toString('base64') }),
  );
  return member.api.post(`/repositories/${name}/artifacts`, { artifacts });
}

/** A change goes all the way, within the time that healing may take. */
async function publishes(): Promise<void> {
  const before = load.acknowledged.length;
  await until(async () => load.acknowledged.length > before + PUBLISHERS * 3, HEALED_MS);
}

/** Everything that clients asked for before, for some seconds. */
async function expectReadable(): Promise<void> {
  for (const until = Date.now() + READING_MS; Date.now() < until; await pause(100)) await readAll();
  expect(poller.found).toEqual([]);
}

/** All that is in force, and the next root, as clients ask for it. @returns the version of timestamp. */
async function readAll(): Promise<number> {
  const timestamp = (await readFileOf('timestamp.json')).signed;
  const snapshot = `${timestamp.meta['snapshot.json'].version}.snapshot.json`;
  const { meta } = (await readFileOf(snapshot)).signed;
  for (const [file, { version }] of Object.entries<{ version: number }>(meta)) await readFileOf(`${version}.${file}`);
  expect((await fetch(`${member.url}/repositories/${name}/metadata/2.root.json`)).status).toBe(404);
  return timestamp.version;
}

/** No revision is to come, whose files nobody could ask for before the fault. */
async function isAllPublished(): Promise<boolean> {
  return (await postgres.query(`select from task where state = 'waiting' limit 1`)).length === 0;
}

async function versionInForce(): Promise<unknown> {
  const [row] = await postgres.query(`select version from role where name = 'timestamp'`);
  return row?.version;
}

async function readFileOf(file: string) {
  const answer = await fetch(`${member.url}/repositories/${name}/metadata/${file}`);
  expect([file, answer.status]).toEqual([file, 200]);
  // biome-ignore lint/suspicious/noExplicitAny: metadata of some role
  return (await answer.json()) as any;
}

async function readiness(): Promise<{ status: number; body: Record<string, { status?: string }> }> {
  const answer = await fetch(`${member.url}/health/ready`);
  return { status: answer.status, body: (await answer.json()) as Record<string, { status?: string }> };
}

async function expectFewConnections(): Promise<void> {
  const [row] = await postgres.asAdministrator(
    `select count(*)::integer as count from pg_stat_activity where application_name like 'trs%'`,
  );
  expect(row?.count).toBeLessThanOrEqual(2 * (POOL + 1)); // the stranded ones may be there yet
}

/** All that ordinary users may have; and none that was there stays with the service. */
async function takeAllConnections(): Promise<void> {
  for (let failures = 0; failures < 20; ) {
    const hog = new pg.Client({ connectionString: postgres.url, application_name: 'hog' });
    hog.on('error', () => undefined);
    try {
      await hog.connect();
      hogs.push(hog);
    } catch {
      failures += 1;
      await postgres.asAdministrator(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'trs%'`,
      );
    }
  }
}
