import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An artifact that clients see from now on. */
export interface Promised {
  readonly path: string;
  readonly sha256: string;
}

export type Report =
  | { readonly kind: 'violation'; readonly message: string }
  | { readonly kind: 'end'; readonly polls: number; readonly late: number };

export interface PollerResult {
  readonly violations: readonly string[];
  readonly polls: number;
  /** Polls that had to be repeated, because another process lagged behind for a moment. */
  readonly late: number;
}

/** A stock client, tuf-js, that polls a repository in a process of its own all the time. */
export class Poller {
  private readonly violations: string[] = [];
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (report: Report) => {
      if (report.kind === 'violation') this.violations.push(report.message);
    });
    child.stderr?.on('data', (text) => {
      this.errors += text;
    });
  }

  /**
   * @param root the one that the client trusts at first. @param folder where its own goes.
   * @param outageMs how long a file may be out of reach.
   */
  static async of(metadataUrl: string, root: object, folder: string, outageMs = 0): Promise<Poller> {
    const trusted = await mkdtemp(join(folder, 'client-'));
    await writeFile(join(trusted, 'root.json'), JSON.stringify(root));
    const program = new URL('polling-client.ts', import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, trusted, metadataUrl, `${outageMs}`],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    return new Poller(child);
  }

  /** What violated the client's expectations up to now. */
  get found(): readonly string[] {
    return this.child.exitCode === null ? this.violations : [...this.violations, `it ended: ${this.errors}`];
  }

  expect(artifact: Promised): void {
    if (this.child.connected) this.child.send(artifact);
  }

  async end(): Promise<PollerResult> {
    if (!this.child.connected) throw new Error(`the polling client ended: ${this.errors}`);
    const ended = once(this.child, 'exit');
    const last = new Promise<Report>((resolve) => {
      this.child.on('message', (report: Report) => report.kind === 'end' && resolve(report));
    });
    this.child.send('end');
    const report = await Promise.race([last, ended.then(() => null)]);
    await ended;
    if (report?.kind !== 'end') throw new Error(`the polling client ended: ${this.errors}`);
    return { violations: this.violations, polls: report.polls, late: report.late };
  }

  /** Ends it whatever it does, so that nothing of it outlives a test that failed. */
  async abandon(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
