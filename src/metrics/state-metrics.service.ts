import { Injectable, Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { Clock } from '../clock.js';
import { MetadataStore } from '../database/metadata.store.js';
import { type RepositoryQueue, type RoleExpiry, ServiceState } from '../database/service-state.store.js';
import { logged } from '../logging/logged-error.js';

/** As in readiness: a role that is due is renewed within seconds. */
const OVERDUE_AFTER_MS = 60_000;
const MOST_OVERDUE = 100_000;
/** Whoever asks more often gets what was found out before: it takes the database some work. */
const GOOD_FOR_MS = 5_000;

interface Found {
  readonly queues: readonly RepositoryQueue[];
  readonly expiries: readonly RoleExpiry[];
  readonly overdue: number;
}

/** What the database knows, looked up when somebody asks; the same for every process. */
@Injectable()
export class StateMetrics {
  private readonly logger = new Logger(StateMetrics.name);
  private readonly gauges = new Map<string, Gauge>();
  private looking: Promise<void> | null = null;
  private goodUntil = 0;

  constructor(
    private readonly state: ServiceState,
    private readonly metadata: MetadataStore,
    private readonly clock: Clock,
  ) {}

  register(registry: Registry): void {
    for (const [name, help, ...labelNames] of GAUGES) {
      this.gauges.set(name, new Gauge({ name, help, labelNames, registers: [registry] }));
    }
  }

  async refresh(): Promise<void> {
    this.tellPool();
    if (performance.now() < this.goodUntil) return;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    await this.looking;
  }

  // Without the database nothing of it is told but that it is away: an old figure would pass for a new one.
  private async look(): Promise<void> {
    try {
      const found = await this.find();
      this.forget();
      this.tell(found);
      this.goodUntil = performance.now() + GOOD_FOR_MS;
    } catch (error) {
      this.forget();
      this.gauge('trs_database_up').set(0);
      this.logger.warn(...logged('metrics lack what the database knows', error));
    }
  }

  private async find(): Promise<Found> {
    const now = this.clock.now();
    const queues = await this.state.queues();
    const expiries = await this.state.expiries();
    const overdue = await this.metadata.overdueRoles(now, new Date(now.getTime() - OVERDUE_AFTER_MS), MOST_OVERDUE);
    return { queues, expiries, overdue: overdue.length };
  }

  private tell({ queues, expiries, overdue }: Found): void {
    const now = this.clock.now();
    this.gauge('trs_database_up').set(1);
    this.gauge('trs_roles_overdue').set(overdue);
    for (const { repository, waiting, oldest, revision } of queues) {
      this.gauge('trs_tasks_waiting').set({ repository }, waiting);
      this.gauge('trs_task_oldest_waiting_seconds').set({ repository }, oldest ? secondsBetween(oldest, now) : 0);
      this.gauge('trs_repository_revision').set({ repository }, revision);
    }
    for (const { repository, role, expiresAt } of expiries) {
      const seconds = secondsBetween(now, expiresAt);
      if (role === null) this.gauge('trs_bins_expire_in_seconds').set({ repository }, seconds);
      else this.gauge('trs_role_expires_in_seconds').set({ repository, role }, seconds);
    }
  }

  private tellPool(): void {
    for (const [state, connections] of Object.entries(this.state.pool)) {
      this.gauge('trs_database_pool_connections').set({ state }, connections);
    }
  }

  private forget(): void {
    for (const [name, gauge] of this.gauges) if (name !== 'trs_database_pool_connections') gauge.reset();
  }

  private gauge(name: (typeof GAUGES)[number][0]): Gauge {
    const gauge = this.gauges.get(name);
    if (!gauge) throw new Error(`there is no metric ${name}`);
    return gauge;
  }
}

const GAUGES = [
  ['trs_database_up', 'Whether the database answered when these metrics were made.'],
  ['trs_database_pool_connections', 'Connections of this process, and requests that wait for one.', 'state'],
  ['trs_tasks_waiting', 'Tasks that wait to be settled.', 'repository'],
  ['trs_task_oldest_waiting_seconds', 'How long the oldest waiting task has waited; 0 where none waits.', 'repository'],
  ['trs_repository_revision', 'The number of the last revision.', 'repository'],
  ['trs_role_expires_in_seconds', 'Seconds until the version in force of a role expires.', 'repository', 'role'],
  ['trs_bins_expire_in_seconds', 'Seconds until the first hash bin expires.', 'repository'],
  ['trs_roles_overdue', 'Roles that are expired, or should have been signed again a minute ago.'],
] as const;

function secondsBetween(earlier: Date, later: Date): number {
  return (later.getTime() - earlier.getTime()) / 1_000;
}
