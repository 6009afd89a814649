import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { childrenOf } from '../../bench/service/process-memory.js';
import { runTool } from '../support/run-tool.js';

// Without the scripts around it, which would build while other tests use what is built.
const BENCH = ['run', '--silent', '--ignore-scripts', 'bench', '--', '--scale', 'small', '--json'];

const NUMBER = expect.any(Number);
const MEGABYTES = process.platform === 'linux' ? NUMBER : null;
const COMMON = { serviceRssMb: MEGABYTES, postgresRssMb: MEGABYTES, targets: [] };

describe('npm run bench', () => {
  test('prints each figure of the scenarios asked for as a line of JSON', async () => {
    const output = await runTool('npm', [...BENCH, 'resign-all', 'publish-latency', 'bootstrap']);
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
    for (const { value, floor, p50, p95, p99, max } of figures) {
      expect(value).toBeGreaterThan(0);
      if (floor !== null) expect(value).toBeGreaterThan(floor);
      expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b));
    }
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
    const bench = spawn(process.execPath, [
      '--import',
      'tsx',
      'bench/main.ts',
      '--scale',
      'small',
      '--json',
      'publish-throughput',
    ]);
    const started = await onceMeasuring(bench);
    const folders = (await Promise.all(started.map(dataFolderOf))).filter((folder) => folder !== null);
    expect([started.length, folders.length, folders.every(existsSync)]).toEqual([2, 1, true]);
    bench.kill(signal);
    const [code] = await once(bench, 'exit');
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect([started.filter(isRunning), folders.filter(existsSync)]).toEqual([[], []]);
  });
});

function names(text: string, pattern: RegExp): (string | undefined)[] {
  return [...text.matchAll(pattern)].map(([, name]) => name);
}

/** @returns the processes of PostgreSQL and the service, as soon as both are there. */
async function onceMeasuring({ pid, exitCode }: ChildProcess): Promise<number[]> {
  if (pid === undefined || exitCode !== null) throw new Error('the benchmark was not started');
  for (;;) {
    const started = await childrenOf(pid);
    if (started.length === 2) return started;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The folder of the run, where the process is the service. */
async function dataFolderOf(pid: number): Promise<string | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  const [, service] = /(?:^|\0)TRS_DATA_DIR=([^\0]+)/.exec(environment) ?? [];
  return service === undefined ? null : dirname(service);
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
