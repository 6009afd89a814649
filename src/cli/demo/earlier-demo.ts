import { readFile, rm, writeFile } from 'node:fs/promises';
import { hasEnded, runsScript, send } from './running-process.js';

/** The processes of a demo, by the script that each runs. */
export interface DemoProcesses {
  readonly demo: number;
  readonly service: number;
}

export interface DemoScripts {
  readonly demo: string;
  readonly service: string;
}

const PATIENCE_MS = 20_000;

export async function recordProcesses(file: string, processes: DemoProcesses): Promise<void> {
  await writeFile(file, JSON.stringify(processes));
}

export async function forgetProcesses(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Ends what is left of an earlier demo in the same folder, whether it still runs or was killed: two services on one
 * embedded database would end with the first one stopping it under the other.
 */
export async function endEarlierDemo(file: string, scripts: DemoScripts, say: (text: string) => void): Promise<void> {
  const earlier = await readProcesses(file);
  if (!earlier) return;
  if (await runsScript(earlier.demo, scripts.demo)) {
    say(`Stopping the demo that still runs (process ${earlier.demo}).`);
    await end(earlier.demo, scripts.demo);
  }
  if (await runsScript(earlier.service, scripts.service)) {
    say(`Waiting for the service of an earlier demo to end (process ${earlier.service}).`);
    // with its demo gone it is stopping by itself; a signal on top would cut that short
    if (!(await hasEnded(earlier.service, scripts.service, PATIENCE_MS))) await end(earlier.service, scripts.service);
  }
  await forgetProcesses(file);
}

async function end(pid: number, script: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    send(pid, signal);
    if (await hasEnded(pid, script, PATIENCE_MS)) return;
  }
  throw new Error(`process ${pid} of an earlier demo cannot be stopped`);
}

async function readProcesses(file: string): Promise<DemoProcesses | null> {
  try {
    const { demo, service } = JSON.parse(await readFile(file, 'utf8'));
    return Number.isInteger(demo) && Number.isInteger(service) ? { demo, service } : null;
  } catch {
    return null; // never written, or cut off
  }
}
