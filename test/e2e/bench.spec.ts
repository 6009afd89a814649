import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { childrenOf } from '../../bench/service/process-memory.js';
import { createTestDatabase } from '../support/database.js';
import { runTool } from '../support/run-tool.js';

// Without the scripts around it, which would build while other tests use what is built.
const BENCH = ['run', '--silent', '--ignore-scripts', 'bench', '--', '--scale', 'small', '--json'];

/** As from a shell: nothing of what Jest has in its environment. */
const SHELL = { JEST_WORKER_ID: undefined, TRS_TEST_LOG_FOLDER: undefined };

const NUMBER = expect.any(Number);
const MEGABYTES = process.platform === 'linux' ? NUMBER : null;
const COMMON = { serviceRssMb: MEGABYTES, postgresRssMb: MEGABYTES, targets: [] };

describe('npm run bench', () => {
  test('prints each figure of the scenarios asked for as a line of JSON', async () => {
    const output = await runTool('npm', [...BENCH, 'resign-all', 'publish-latency', 'bootstrap'], SHELL);
    const lines = output.toString('utf8').trim().split('\n');
    const figures = lines.map((line) => JSON.parse(line));
    const percentiles = { p50: NUMBER, p95: NUMBER, p99: NUMBER, max: NUMBER };
    const none = { p50: null, p95: null, p99: null, max: null };
    const latency = { ...COMMON, ...percentiles, unit: 'ms', value: NUMBER };
    expect(figures).toEqual([
      {
        ...COMMON,
        ...percentiles,
        scenario: 'bootstrap',
        name: 'bootstrap',
        value: NUMBER,
        unit: 's',
        n: 3,
        floor: NUMBER,
      },
      { ...latency, scenario: 'publish-latency', name: 'publish-latency', n: 20, floor: NUMBER },
      { ...latency, scenario: 'publish-latency', name: 'publish-latency-answer', n: 20, floor: NUMBER },
      {
        ...COMMON,
        ...none,
        scenario: 'resign-all',
        name: 'resign-all',
        value: NUMBER,
        unit: 's',
        n: 256,
        floor: NUMBER,
      },
      { ...latency, scenario: 'resign-all', name: 'resign-all-publishing', n: NUMBER, floor: null },
    ]);
    for (const { value, p50, p95, p99, max } of figures) {
      expect(value).toBeGreaterThan(0);
      expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b));
    }
  });

  test('measures on another PostgreSQL, and leaves no database there', async () => {
    const { url, query, drop } = await createTestDatabase();
    const output = await runTool('npm', [...BENCH, 'bootstrap', '--database-url', url]);
    expect(JSON.parse(output.toString('utf8'))).toMatchObject({ name: 'bootstrap', postgresRssMb: null });
    expect(await query(`select datname from pg_database where datname like 'bench%'`)).toEqual([]);
    await drop();
  });

  test('names the scenarios that docs/performance.md explains, and does not run another one', async () => {
    const list = (await runTool('npm', [...BENCH, '--list'])).toString('utf8');
    const page = await readFile('docs/performance.md', 'utf8');
    const [, method = ''] = page.split('## Method');
    expect(names(list, /^(\S+) {2}/gm)).toEqual(names(method, /^\| `(\S+)` \|/gm));
    await expect(runTool('npm', [...BENCH, 'speed'])).rejects.toMatchObject({ code: 2 });
  });

  // The processes are found in /proc.
  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux.each(['SIGINT', 'SIGTERM'] as const)('stops what it started, and removes its data, on %s', async (signal) => {
    const args = ['--import', 'tsx', 'bench/main.ts', '--scale', 'small', 'publish-throughput'];
    const bench = spawn(process.execPath, args);
    const { folder, processes } = await onceMeasuring(bench);
    expect([existsSync(folder), processes.map(isRunning)]).toEqual([true, [true, true]]);
    bench.kill(signal);
    const [code] = await once(bench, 'exit');
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect([existsSync(folder), processes.map(isRunning)]).toEqual([false, [false, false]]);
  });
});

function names(text: string, pattern: RegExp): (string | undefined)[] {
  return [...text.matchAll(pattern)].map(([, name]) => name);
}

interface Measuring {
  /** Where the run has its data. */
  readonly folder: string;
  /** The service and PostgreSQL. */
  readonly processes: readonly number[];
}

async function onceMeasuring(bench: ChildProcess): Promise<Measuring> {
  for (;;) {
    if (bench.pid === undefined || bench.exitCode !== null) throw new Error('the benchmark does not run');
    for (const child of await childrenOf(bench.pid)) {
      const folder = await dataFolderOf(child);
      if (folder !== null) return { folder, processes: [child, await postmasterIn(folder)] };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The folder of the run, where the process is its service. */
async function dataFolderOf(pid: number): Promise<string | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const [, service] = /(?:^|\0)TRS_DATA_DIR=([^\0]+)/.exec(environment) ?? [];
  return service === undefined ? null : dirname(service);
}

async function postmasterIn(folder: string): Promise<number> {
  const file = await readFile(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8');
  return Number.parseInt(file, 10);
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
