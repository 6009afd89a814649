import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from '../test/support/service-process.js';
import { Limits } from './limits/limits.js';
import type { Options } from './options.js';
import type { Scale } from './scale.js';
import { type Filled, fill } from './service/fill.js';
import { databaseOn, embeddedPostgres, type Postgres, settle } from './service/postgres.js';
import { currentRss, PostgresMemory, peakRss } from './service/process-memory.js';
import { Program } from './service/program.js';
import { createRepository, type Repository } from './service/repository.js';
import { onceListening, type RunningService, serviceProcess } from './service/running-service.js';

const MEGABYTE = 1_000_000;
/** Below the checkout, so that it is on the disk where `npm start` would have its data. */
const FOLDERS = join(import.meta.dirname, '../.trs/bench');

export interface FilledRepository extends Repository {
  readonly filled: Filled;
}

/** What the scenarios of one run share: a PostgreSQL, a data folder, and the large repository once it is there. */
export class Bench {
  private readonly processes = new Set<ServiceProcess>();
  private readonly programs = new Set<Program>();
  private readonly memory: PostgresMemory;
  private largeRepository: Promise<FilledRepository> | null = null;
  private measuredLimits: Promise<Limits> | null = null;
  private stopped: Promise<void> | null = null;

  private constructor(
    readonly scale: Scale,
    readonly postgres: Postgres,
    readonly folder: string,
    private readonly nodeOptions: string | undefined,
    private readonly token = randomBytes(32).toString('hex'),
  ) {
    this.memory = new PostgresMemory(postgres.pid);
  }

  static async start({ scale, databaseUrl, nodeOptions }: Options): Promise<Bench> {
    await mkdir(FOLDERS, { recursive: true });
    const folder = await mkdtemp(join(FOLDERS, 'run-'));
    try {
      const postgres = await (databaseUrl ? databaseOn(databaseUrl) : embeddedPostgres(join(folder, 'postgres')));
      return new Bench(scale, postgres, folder, nodeOptions);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** One more process of the service, on the same database; it runs until the scenario ends, or stops its services. */
  startService(): Promise<RunningService> {
    if (this.stopped) throw new Error('the run is being stopped');
    const { token, nodeOptions } = this;
    const dataFolder = join(this.folder, 'service');
    const process = serviceProcess({ dataFolder, databaseUrl: this.postgres.url, token, nodeOptions });
    this.processes.add(process);
    return onceListening(process, token);
  }

  /** Another program beside the services; it is stopped at the latest when the scenario ends. */
  program(path: string, args: readonly string[]): Program {
    if (this.stopped) throw new Error('the run is being stopped');
    const program = new Program(path, args);
    this.programs.add(program);
    return program;
  }

  /** With the scale's number of bins, and no artifacts. */
  emptyRepository(service: RunningService): Promise<Repository> {
    return createRepository(service, this.scale.bins);
  }

  async filledRepository(service: RunningService, artifacts: number): Promise<FilledRepository> {
    const repository = await this.emptyRepository(service);
    const filled = await fill(service, repository.name, artifacts);
    await settle(this.postgres.pool);
    return { ...repository, filled };
  }

  /** With the scale's number of bins and artifacts; made by whoever asks first. */
  large(service: RunningService): Promise<FilledRepository> {
    this.largeRepository ??= this.filledRepository(service, this.scale.artifacts);
    return this.largeRepository;
  }

  /** Measured once, by whoever asks first; nothing else should run meanwhile. */
  limits(): Promise<Limits> {
    this.measuredLimits ??= Limits.measure(this.postgres.pool);
    return this.measuredLimits;
  }

  /** What throughput is measured on: an empty repository and, once a scenario of this run has made it, the large one. */
  async sizes(service: RunningService): Promise<Map<'empty' | 'large', Repository>> {
    const sizes = new Map<'empty' | 'large', Repository>([['empty', await this.emptyRepository(service)]]);
    if (this.largeRepository) sizes.set('large', await this.largeRepository);
    return sizes;
  }

  async peaks(): Promise<{ readonly service: number | null; readonly postgres: number | null }> {
    const ofServices = (await Promise.all([...this.processes].map(({ pid }) => peakRss(pid)))).filter(
      (peak) => peak !== null,
    );
    const service = ofServices.length === 0 ? null : ofServices.reduce((sum, peak) => sum + peak);
    return { service, postgres: await this.memory.peakSoFar() };
  }

  /** What a service holds in memory after some seconds without work, in MB. */
  async idleRss(service: RunningService): Promise<number> {
    await delay(this.scale.idleSeconds * 1_000);
    return ((await currentRss(service.pid)) ?? Number.NaN) / MEGABYTE;
  }

  /** What the services of this scenario have printed. */
  get serviceOutput(): string {
    return [...this.processes].map(({ output }) => output).join('');
  }

  /** Stops services and programs, so that what is measured next starts its own. */
  async stopServices(): Promise<void> {
    const running = [...this.processes, ...this.programs];
    this.processes.clear();
    this.programs.clear();
    await Promise.all(running.map((each) => each.stop()));
    this.memory.forget();
  }

  /** Leaves nothing behind; a second call waits for the first. */
  stop(): Promise<void> {
    this.stopped ??= this.stopEverything();
    return this.stopped;
  }

  private async stopEverything(): Promise<void> {
    this.memory.stop();
    await this.stopServices();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
