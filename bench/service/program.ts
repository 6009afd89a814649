import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that is no service of ours, and what it has printed. */
export class Program {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private printed = '';
  private complaints = '';

  constructor(
    private readonly program: string,
    args: readonly string[],
  ) {
    this.child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (text) => {
      this.printed += text;
    });
    this.child.stderr?.on('data', (text) => {
      this.complaints += text;
    });
    this.ended = once(this.child, 'close').then(([code]) => code);
    this.ended.catch(() => undefined); // whoever waits for it is told
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @returns what it printed until its end. @throws Error with its complaints when it fails. */
  async output(): Promise<string> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`${this.program} ended with ${code}: ${this.complaints}${this.printed}`);
    return this.printed;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended.catch(() => undefined);
  }
}

/** Where a program is; also where only root usually looks for it. */
export function pathOf(program: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
