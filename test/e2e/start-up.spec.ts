import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/service-process.js';

let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-start-'));
  database = await createTestDatabase();
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(environment: Record<string, string>): ServiceProcess {
  return new ServiceProcess({ TRS_DATA_DIR: folder, DATABASE_URL: database.url, ...environment });
}

/** Downloads a file again and again, each time as a whole. */
async function untilNobodyListens(url: string, agent: Agent, statuses: number[]): Promise<void> {
  for (;;) {
    try {
      const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
      statuses.push(answer.statusCode ?? 0);
      await answer.resume().toArray();
    } catch (error) {
      if (['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
      throw error;
    }
  }
}

describe('the service as a process', () => {
  test('prints the administrator’s token once, and stops with code 0 on SIGTERM', async () => {
    const first = run({});
    await first.listening();
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    expect(first.output).toContain(token);
    expect(await first.stop()).toBe(0);
    const second = run({});
    await second.listening();
    expect(second.output).not.toContain(token);
    expect(await second.stop()).toBe(0);
  });

  test('stops although clients go on downloading over connections that they keep', async () => {
    const running = run({});
    const url = await running.listening();
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const { name } = await readyRepository(new Api({ url, token }));
    const agent = new Agent({ keepAlive: true });
    const statuses: number[] = [];
    const clients = Array.from({ length: 8 }, () =>
      untilNobodyListens(`${url}/repositories/${name}/metadata/1.root.json`, agent, statuses),
    );
    while (statuses.length < 100) await sleep(5);
    expect(await running.stop()).toBe(0);
    await Promise.all(clients);
    agent.destroy();
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  });

  test('finishes the revision in hand when it is told to stop, and keeps the rest for the next start', async () => {
    const running = run({});
    const url = await running.listening();
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const api = new Api({ url, token });
    const { name } = await readyRepository(api, { bins: { count: 1_024 } });
    const accepted = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(`s/${index}`)] }),
      ),
    );
    expect(await running.stop()).toBe(0);
    const again = run({});
    const restarted = new Api({ url: await again.listening(), token });
    for (const { body } of accepted) {
      const task = await restarted.get(`/repositories/${name}/tasks/${body.id}?wait=30`);
      expect(task.body.state).toBe('succeeded');
    }
    expect(await again.stop()).toBe(0);
  });

  test('stops within seconds while callers wait for changes', async () => {
    const running = run({});
    const url = await running.listening();
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const api = new Api({ url, token });
    const { name } = await readyRepository(api);
    await database.query(`update role set renew_at = 'infinity'`);
    await database.query(`alter table revision add constraint nothing_new check (number < 2) not valid`);
    const waiting = Array.from({ length: 20 }, (_, index) =>
      api.post(`/repositories/${name}/artifacts?wait=120`, { artifacts: [artifact(`w/${index}`)] }).catch(() => null),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = Date.now();
    expect(await running.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(15_000);
    await Promise.all(waiting);
  });

  test('stops although a caller does not take its answer', async () => {
    const running = run({});
    const { hostname, port } = new URL(await running.listening());
    const socket = connect(Number(port), hostname).pause();
    await once(socket, 'connect');
    const requests = 'GET /api/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8); // more than socket buffers hold
    socket.on('error', () => undefined).write(requests);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = Date.now();
    expect(await running.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(20_000);
    socket.destroy();
  });

  test.each<[string, string, number, RegExp]>([
    ['that is empty', '', 0o600, /holds no token of at least 32 characters/],
    ['that anybody could guess', 'admin', 0o600, /holds no token of at least 32 characters/],
    ['that others can read', 'x'.repeat(40), 0o644, /chmod 600/],
  ])('does not take an administrator’s token %s', async (_, token, mode, message) => {
    await writeFile(join(folder, 'admin-token'), token, { mode });
    const running = run({});
    expect(await running.ended).toBe(1);
    expect(running.output).toMatch(message);
  });

  test('keeps private keys encrypted when there is a passphrase, and wants the same one again', async () => {
    const passphrase = join(folder, 'passphrase');
    await writeFile(passphrase, 'correct horse battery\n');
    const running = run({ TRS_KEY_PASSPHRASE_FILE: passphrase });
    const url = await running.listening();
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    await readyRepository(new Api({ url, token }));
    await running.stop();
    const [file = ''] = await readdir(join(folder, 'keys'));
    expect(await readFile(join(folder, 'keys', file), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    const wrong = run({ TRS_KEY_PASSPHRASE: 'another passphrase' });
    expect(await wrong.ended).toBe(1);
    expect(wrong.output).toContain('is TRS_KEY_PASSPHRASE the one it was made with?');
    expect(wrong.output).not.toContain('another passphrase');
    await chmod(join(folder, 'keys', file), 0o644);
    const unreadable = run({ TRS_KEY_PASSPHRASE_FILE: passphrase });
    expect(await unreadable.ended).toBe(1);
    expect(unreadable.output).toContain('chmod 600');
  });

  test('says what to do about a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const running = run({ TRS_PORT: port });
    expect(await running.ended).toBe(1);
    expect(running.output).toContain('set TRS_PORT to another one');
    server.close();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a DATABASE_URL of another kind',
      { DATABASE_URL: 'mysql://localhost/x' },
      /DATABASE_URL: must look like postgres:/,
    ],
    ['a PostgreSQL that is not there', { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, /No PostgreSQL answers there/],
    ['a host that cannot be found', { DATABASE_URL: 'postgres://u:p@none.invalid:5432/x' }, /cannot be found/],
    ['a port that is none', { TRS_PORT: '70000' }, /TRS_PORT/],
    ['a short passphrase', { TRS_KEY_PASSPHRASE: 'short' }, /TRS_KEY_PASSPHRASE: must have at least 8 characters/],
    ['a passphrase file that is not there', { TRS_KEY_PASSPHRASE_FILE: '/none' }, /cannot read \/none/],
    ['a data folder that cannot be made', { TRS_DATA_DIR: '/dev/null/x' }, /TRS_DATA_DIR|not a directory/],
  ])('does not start with %s, and says so', async (_, environment, message) => {
    const running = run(environment);
    expect(await running.ended).toBe(1);
    expect(running.output).toMatch(message);
    expect(running.output).not.toMatch(/^ +at /m);
  });

  test('says so when the password of DATABASE_URL is wrong, or its database does not exist', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    const refused = run({ DATABASE_URL: wrong.href });
    expect(await refused.ended).toBe(1);
    expect(refused.output).toContain('refuses the user or password');
    const missing = new URL(database.url);
    missing.pathname = '/none';
    const unknown = run({ DATABASE_URL: missing.href });
    expect(await unknown.ended).toBe(1);
    expect(unknown.output).toContain('does not exist');
  });
});
