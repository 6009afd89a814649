import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtFile } from './built.js';
import { keepLog, keepSecretsOf } from './log-book.js';

/** The administrator's token, which the first start prints on a line of its own. */
const TOLD_ONCE = /^ {4}trs_\S+$/gm;

export interface ServiceProcessOptions {
  /** A module that Node loads before the service. */
  readonly preload?: string;
}

/** The built service as a process of its own. */
export class ServiceProcess {
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private printed = '';

  constructor(environment: Readonly<Record<string, string>>, { preload }: ServiceProcessOptions = {}) {
    const preloaded = preload === undefined ? [] : ['--disable-warning=ExperimentalWarning', '--import', preload];
    this.child = spawn(process.execPath, [...preloaded, builtFile('main.js')], {
      env: { PATH: process.env.PATH, TRS_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', ...(preload === undefined ? [] : ['ipc' as const])],
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
      if (!this.isRunning) throw new Error(this.printed);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Tells the preloaded module something, and waits until it says that it knows. */
  async tell(message: object): Promise<void> {
    const heard = once(this.child, 'message');
    this.child.send(message);
    await heard;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
