import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtFile } from './built.js';
import { keepLog, keepSecretsOf } from './log-book.js';

/** The administrator's token, which the first start prints on a line of its own. */
const TOLD_ONCE = /^ {4}trs_\S+$/gm;

/** The built service as a process of its own. */
export class ServiceProcess {
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private printed = '';

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [builtFile('main.js')], {
      env: { PATH: process.env.PATH, TRS_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (text) => {
        this.printed += text;
      });
    }
    keepSecretsOf(environment);
    this.ended = once(this.child, 'exit').then(([code]) => {
      keepLog(this.printed.replace(TOLD_ONCE, ''));
      return code;
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the service was not started');
    return this.child.pid;
  }

  get output(): string {
    return this.printed;
  }

  /** The address that it listens at. */
  async listening(): Promise<string> {
    for (;;) {
      const url = /listens at (\S+);/.exec(this.printed)?.[1];
      if (url) return url;
      if (this.child.exitCode !== null) throw new Error(this.printed);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
