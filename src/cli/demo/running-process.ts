import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const PAUSE_MS = 50;

/** Whether this process is alive and runs the script; a process id alone may have gone to another program since. */
export async function runsScript(pid: number, script: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  return (await commandLineOf(pid)).includes(script);
}

/** Waits until a process of ours has ended; false when it has not by then. */
export async function hasEnded(pid: number, script: string, milliseconds: number): Promise<boolean> {
  for (const deadline = performance.now() + milliseconds; performance.now() < deadline; await sleep(PAUSE_MS)) {
    if (!(await runsScript(pid, script))) return true;
  }
  return false;
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// A process that has ended but was not waited for has no command line.
async function commandLineOf(pid: number): Promise<string> {
  const fromLinux = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (fromLinux !== null) return fromLinux;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout;
}
