import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { isPostmasterOf, runningPostmaster } from './postmaster-process.js';

describe('embedded PostgreSQL', () => {
  let folder: string;
  let cluster: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-embedded-'));
    cluster = join(folder, 'not', 'there', 'yet', 'cluster');
    folder = join(cluster, '..');
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    const left = await runningPostmaster(cluster);
    if (left) process.kill(left.pid, 'SIGQUIT');
    while (left && (await isPostmasterOf(cluster, left.pid))) await new Promise((resolve) => setTimeout(resolve, 20));
    await rm(join(folder, '..', '..', '..'), { recursive: true, force: true, maxRetries: 5 });
  });

  it('starts in a folder that is not there, with a durable UTF-8 database and a role that is no superuser', async () => {
    const server = await startEmbeddedPostgres({ folder });
    try {
      const [row] = await query(
        server,
        `select current_user as role, current_setting('is_superuser') as superuser, current_setting('fsync') as fsync,
          current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding,
          current_setting('listen_addresses') as addresses`,
      );
      expect(row).toEqual({
        role: 'trs',
        superuser: 'off',
        fsync: 'on',
        commit: 'on',
        encoding: 'UTF8',
        addresses: '127.0.0.1',
      });
      await query(server, `create table kept as select 'yes' as answer`);
    } finally {
      await server.stop();
    }
  });

  it('keeps the password to its owner and lets nobody in without it', async () => {
    const { mode } = await stat(join(folder, 'postgres.password'));
    expect(mode & 0o777).toBe(0o600);
    const rules = (await readFile(join(cluster, 'pg_hba.conf'), 'utf8')).match(/^(host|local).*$/gm) ?? [];
    expect(rules.filter((rule) => !rule.endsWith('scram-sha-256'))).toEqual([]);
  });

  it('has at its second start what was written at the first, and stops only once', async () => {
    const server = await startEmbeddedPostgres({ folder });
    expect(await query(server, 'select answer from kept')).toEqual([{ answer: 'yes' }]);
    await server.stop();
    await server.stop();
    expect(await runningPostmaster(cluster)).toBeUndefined();
  });

  it('adopts the server of a process that was killed, and stops it', async () => {
    const child = startInChild(folder);
    children.push(child);
    await said(child, 'started');
    const before = await runningPostmaster(cluster);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const server = await startEmbeddedPostgres({ folder });
    expect((await runningPostmaster(cluster))?.pid).toBe(before?.pid);
    await server.stop();
    expect(await runningPostmaster(cluster)).toBeUndefined();
  });

  it('recovers when the server itself was killed', async () => {
    const killed = await startEmbeddedPostgres({ folder });
    await query(killed, `update kept set answer = 'still'`);
    process.kill((await runningPostmaster(cluster))?.pid ?? 0, 'SIGKILL');

    const server = await startEmbeddedPostgres({ folder });
    expect(await query(server, 'select answer from kept')).toEqual([{ answer: 'still' }]);
    await server.stop();
    await killed.stop();
  });

  it.each([
    ['a process that has ended', async () => deadProcessId()],
    ['a program that is no server', async () => process.pid],
  ])('starts over a postmaster.pid that names %s', async (_whose, pid) => {
    const lines = [await pid(), cluster, 1_700_000_000, 1, '', '127.0.0.1', '1 1', 'ready'];
    await writeFile(join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`);
    const server = await startEmbeddedPostgres({ folder });
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('shares one server between two starts at once, and discards what a killed start left half made', async () => {
    const fresh = join(folder, 'fresh');
    const abandoned = join(fresh, `cluster.new-${await deadProcessId()}-abc`, 'cluster');
    await mkdir(abandoned, { recursive: true });
    await writeFile(join(abandoned, 'PG_VERSION'), '18\n');

    const [one, other] = await Promise.all([
      startEmbeddedPostgres({ folder: fresh }),
      startEmbeddedPostgres({ folder: fresh }),
    ]);
    expect(other.url).toBe(one.url);
    expect((await readdir(fresh)).sort()).toEqual(['cluster', 'postgres.log', 'postgres.password']);
    await Promise.all([one.stop(), other.stop()]);
  });

  it('shows the last words of a server that cannot start', async () => {
    const conf = join(cluster, 'postgresql.auto.conf');
    const before = await readFile(conf, 'utf8');
    await writeFile(conf, 'shared_buffers = nonsense\n');
    await expect(startEmbeddedPostgres({ folder })).rejects.toThrow(/shared_buffers/);
    await writeFile(conf, before);
  });
});

async function query(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  // the test that kills the server loses its connections
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function startInChild(folder: string): ChildProcess {
  // Node runs TypeScript by itself, but looks for the file that an import names
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      const isOurs = name.startsWith('.') && context.parentURL?.endsWith('.ts');
      return next(isOurs ? name.replace(/\\.js$/, '.ts') : name, context);
    } });`;
  const module = pathToFileURL(join(import.meta.dirname, 'embedded-postgres.ts')).href;
  const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} });
    console.log('started');
    setInterval(() => undefined, 1000);`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, '--input-type=module', '-e', script];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

async function said(child: ChildProcess, word: string): Promise<void> {
  for await (const text of child.stdout ?? []) {
    if (String(text).includes(word)) return;
  }
  throw new Error(`the child ended without saying ${word}`);
}

async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}
