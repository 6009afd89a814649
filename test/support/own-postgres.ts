import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { binariesIn, installedBinaries } from '../../src/database/embedded/binaries.js';
import { binariesFor } from '../../src/database/embedded/binary-copy.js';
import { initialiseCluster } from '../../src/database/embedded/cluster.js';
import { askForDatabase } from '../../src/database/embedded/database-answer.js';
import { dataFolderArgument, runAs, type ServerUser, serverUser } from '../../src/database/embedded/server-user.js';

const PASSWORD = 'of-a-test';
const READY_MS = 30_000;
const TOO_MANY_CONNECTIONS = '53300';

/** A PostgreSQL of a test's own, which it may kill, stop, freeze and start again at the same port. */
export class OwnPostgres {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly cluster: string,
    private readonly programs: string,
    readonly user: ServerUser,
    private readonly port: number,
  ) {}

  /** @param settings of postgresql.conf */
  static async start(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
    const cluster = join(folder, 'cluster');
    await mkdir(folder, { recursive: true });
    const user = await serverUser(cluster);
    const programs = await binariesFor(user, await installedBinaries());
    await initialiseCluster(cluster, programs, user, PASSWORD);
    const postgres = new OwnPostgres(cluster, programs, user, await freePort());
    await postgres.start();
    for (const [name, value] of Object.entries(settings)) {
      await postgres.asAdministrator(`alter system set ${name} = '${value}'`);
    }
    await postgres.restart();
    return postgres;
  }

  get url(): string {
    return this.urlOf('trs');
  }

  urlOf(database: string): string {
    return `postgres://trs:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  async query(sql: string, database = 'trs'): Promise<Record<string, unknown>[]> {
    return queryAs(this.urlOf(database), sql);
  }

  /**
   * As who may do anything, and write where others may only read. A reserved connection is waited for: each client
   * that is being turned away has one for a moment.
   */
  async asAdministrator(sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
    const url = new URL(this.urlOf(database));
    url.username = 'postgres';
    url.searchParams.set('options', '-c default_transaction_read_only=off');
    for (const deadline = Date.now() + READY_MS; ; await pause(50)) {
      try {
        return await queryAs(url.href, sql);
      } catch (error) {
        const isTurnedAway = error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS;
        if (!isTurnedAway || Date.now() > deadline) throw error;
      }
    }
  }

  async start(): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (!(await this.isReady())) {
      // What is left of a server that was killed keeps the next one out for a moment.
      if (this.server?.exitCode !== null || this.server.signalCode !== null) this.launch();
      if (Date.now() > deadline) throw new Error(`PostgreSQL in ${this.cluster} did not start`);
      await pause(50);
    }
  }

  /** Ends the sessions, and then itself, in order. */
  async stop(): Promise<void> {
    await this.end('SIGINT');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Holds up or continues all its processes, as a host does that is out of breath; connections stay. */
  async signalAll(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const pids = [this.server?.pid, ...(await this.childrenOf(this.server?.pid))];
    for (const pid of pids) if (pid) signalIfThere(pid, signal);
  }

  private async isReady(): Promise<boolean> {
    return this.server !== null && (await askForDatabase(this.port, PASSWORD)) === 'ready';
  }

  private launch(): void {
    const args = ['-D', dataFolderArgument(this.user, this.cluster), '-c', `port=${this.port}`];
    const local = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
    const options = { ...runAs(this.user, this.cluster), stdio: 'ignore' } as const;
    this.server = spawn(binariesIn(this.programs).postgres, [...args, ...local], options);
  }

  private async end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  private async childrenOf(parent: number | undefined): Promise<number[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const parents = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
    return pids.flatMap((pid, index) => {
      const fields = parents[index]?.slice(parents[index].lastIndexOf(')') + 2).split(' ');
      return Number(fields?.[1]) === parent ? [Number(pid)] : [];
    });
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

async function queryAs(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
