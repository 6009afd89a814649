import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from '../support/api.js';
import { ServiceProcess } from '../support/service-process.js';
import type { NAMED_STEPS } from './named-steps.js';

const PRELOAD = new URL('stop-at-step.ts', import.meta.url).href;

export type StepName = keyof typeof NAMED_STEPS;

/** One process of a service that runs as several. */
export interface Member {
  readonly process: ServiceProcess;
  readonly url: string;
  readonly api: Api;
}

/** Several processes of one service, on one database and one data folder; whoever ends is replaced. */
export class Fleet {
  private readonly members = new Set<Member>();
  private readonly starting = new Set<Promise<void>>();
  private isStopping = false;
  private failure: unknown = null;

  private constructor(private readonly environment: Readonly<Record<string, string>>) {}

  /** @param environment with a data folder and a database */
  static async of(size: number, environment: Readonly<Record<string, string>>): Promise<Fleet> {
    const fleet = new Fleet({ TRS_LOG_LEVEL: 'error', ...environment });
    fleet.start();
    await fleet.listening(1); // it makes what the others share
    for (let more = 1; more < size; more += 1) fleet.start();
    await fleet.listening(size);
    return fleet;
  }

  /** Those that listen, as far as is known. */
  get up(): readonly Member[] {
    return [...this.members].filter(({ process }) => process.isRunning);
  }

  /** Waits until so many listen. */
  async listening(count: number): Promise<readonly Member[]> {
    for (;;) {
      if (this.failure) throw this.failure;
      if (this.up.length >= count) return this.up;
      await pause(10);
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.allSettled(this.starting);
    await Promise.all(this.up.map(({ process }) => process.stop('SIGKILL')));
  }

  private start(): void {
    const started = this.startOne().catch((error) => {
      this.failure = error;
    });
    this.starting.add(started);
    void started.finally(() => this.starting.delete(started));
  }

  private async startOne(): Promise<void> {
    const process = new ServiceProcess(this.environment, { preload: PRELOAD });
    const url = await process.listening();
    const token = (await readFile(join(this.environment.TRS_DATA_DIR ?? '', 'admin-token'), 'utf8')).trim();
    const member = { process, url, api: new Api({ url, token }) };
    this.members.add(member);
    void process.ended.then(() => {
      this.members.delete(member);
      if (!this.isStopping) this.start();
    });
  }
}
