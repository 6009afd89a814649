import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './error-codes.js';

/** What the server says of itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping`; empty while the file is being written. */
  readonly state: string;
}

/** The server running in the cluster, if any. */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readPidFile(cluster);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const postmaster = { pid: Number(lines[0]), port: Number(lines[3]), state: lines[7]?.trim() ?? '' };
  return (await isPostmasterOf(cluster, postmaster.pid)) ? postmaster : undefined;
}

/** Whether this process runs in the cluster; a process id alone may have gone to another program since. */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  if (!processIsAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (existsSync('/proc/self/cwd')) return isSameFolder(cluster, `/proc/${pid}/cwd`);
  return (await commandOf(pid)).includes('postgres');
}

export function processIsAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * Removes a postmaster.pid whose process id now belongs to another program, which PostgreSQL would take for a server.
 * Should processes of the dead server linger, PostgreSQL still sees their shared memory and waits for them.
 */
export async function removeStalePidFile(cluster: string): Promise<void> {
  const before = await readPidFile(cluster);
  if (before === undefined || (await runningPostmaster(cluster))) return;
  if ((await readPidFile(cluster)) === before) await unlink(join(cluster, 'postmaster.pid')).catch(() => undefined);
}

async function readPidFile(cluster: string): Promise<string | undefined> {
  try {
    return await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

function commandOf(pid: number): Promise<string> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) => resolve(stdout));
  });
}
