import { readdir, readFile } from 'node:fs/promises';

const KILOBYTE = 1_024;
const PERIOD_MS = 200;

/** The most memory a process has held so far, in bytes; null where /proc does not say. */
export async function peakRss(pid: number): Promise<number | null> {
  return (await memoryOf(pid))?.VmHWM ?? null;
}

export async function currentRss(pid: number): Promise<number | null> {
  return (await memoryOf(pid))?.VmRSS ?? null;
}

/**
 * Samples what PostgreSQL holds in memory: the private memory of the postmaster and of all its children, and once, for
 * they share it, the shared memory and the program text of whichever has touched most of them.
 */
export class PostgresMemory {
  private peak: number | null = null;
  private readonly timer: NodeJS.Timeout | null;

  constructor(private readonly postmaster: number | null) {
    this.timer = postmaster === null ? null : setInterval(() => void this.sample(), PERIOD_MS);
    this.timer?.unref();
  }

  forget(): void {
    this.peak = null;
  }

  /** Since the start, or since it was told to forget; in bytes. */
  async peakSoFar(): Promise<number | null> {
    await this.sample();
    return this.peak;
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async sample(): Promise<void> {
    if (this.postmaster === null) return;
    const pids = [this.postmaster, ...(await childrenOf(this.postmaster))];
    const each = (await Promise.all(pids.map(memoryOf))).filter((memory) => memory !== null);
    if (each.length === 0) return;
    const privately = each.reduce((sum, { RssAnon = 0 }) => sum + RssAnon, 0);
    const shared = Math.max(...each.map(({ RssShmem = 0 }) => RssShmem));
    const text = Math.max(...each.map(({ RssFile = 0 }) => RssFile));
    this.peak = Math.max(this.peak ?? 0, privately + shared + text);
  }
}

/** The lines of /proc/PID/status that count memory, in bytes. */
async function memoryOf(pid: number): Promise<Record<string, number> | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  if (status === null) return null;
  const lines = status.matchAll(/^(\w+):\s+(\d+) kB$/gm);
  return Object.fromEntries([...lines].map(([, name, kilobytes]) => [name, Number(kilobytes) * KILOBYTE]));
}

export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, index) => parents[index] === parent);
}

async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold anything
  return parent === undefined ? null : Number(parent);
}
