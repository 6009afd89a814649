import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { Clock } from '../clock.js';
import {
  type OverdueCount,
  type RepositoryQueue,
  type RoleExpiry,
  ServiceState,
} from '../database/service-state.store.js';
import { logged } from '../logging/logged-error.js';
import { OVERDUE_AFTER_MS } from '../tuf/forecast.js';
import { KnownExpiries } from './known-expiries.js';

/** Whoever asks more often gets what was found out before: it takes the database some work. */
const GOOD_FOR_MS = 5_000;
/** Prometheus gives up after ten seconds, and would have nothing at all. */
const PATIENCE_MS = 5_000;
/** All roles of a repository are gone through once in so long at most. */
const DELEGATED_REST_MS = 60_000;
/** Of the delegated roles of one repository so many are told of: each is a series. */
const MOST_DELEGATED = 500;

interface Found {
  readonly queues: readonly RepositoryQueue[];
  readonly expiries: readonly RoleExpiry[];
  readonly overdue: readonly OverdueCount[];
}

/** What the database knows, looked up when somebody asks; the same for every process. */
@Injectable()
export class StateMetrics {
  private readonly logger = new Logger(StateMetrics.name);
  private readonly gauges = new Map<string, Gauge>();
  private readonly topLevel: KnownExpiries;
  private readonly delegated: KnownExpiries;
  private looking: Promise<void> | null = null;
  private goodUntil = 0;

  constructor(
    private readonly state: ServiceState,
    private readonly clock: Clock,
  ) {
    this.topLevel = new KnownExpiries((ids) => state.topLevelExpiries(ids), 0);
    this.delegated = new KnownExpiries((ids) => state.delegatedExpiries(ids, MOST_DELEGATED), DELEGATED_REST_MS);
  }

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
    const isBack = await Promise.race([this.looking.then(() => true), delay(PATIENCE_MS, false, { ref: false })]);
    if (!isBack) this.tellThatItIsAway();
  }

  private async look(): Promise<void> {
    try {
      const found = await this.find();
      this.forget();
      this.tell(found);
      this.goodUntil = performance.now() + GOOD_FOR_MS;
    } catch (error) {
      this.tellThatItIsAway();
      this.logger.warn(...logged('metrics lack what the database knows', error));
    }
  }

  private async find(): Promise<Found> {
    const now = this.clock.now();
    const queues = await this.state.queues();
    const expiries = [...(await this.topLevel.of(queues)), ...(await this.delegated.of(queues))];
    const overdue = await this.state.overdue(now, new Date(now.getTime() - OVERDUE_AFTER_MS));
    return { queues, expiries, overdue };
  }

  private tell({ queues, expiries, overdue }: Found): void {
    const now = this.clock.now();
    const names = new Map(queues.map(({ repositoryId, repository }) => [repositoryId, repository]));
    this.gauge('trs_database_up').set(1);
    for (const { repository, waiting, oldest, revision } of queues) {
      this.gauge('trs_tasks_waiting').set({ repository }, waiting);
      this.gauge('trs_task_oldest_waiting_seconds').set({ repository }, oldest ? secondsBetween(oldest, now) : 0);
      this.gauge('trs_repository_revision').set({ repository }, revision);
      this.gauge('trs_roles_overdue').set({ repository }, 0);
    }
    for (const { repositoryId, roles } of overdue) {
      const repository = names.get(repositoryId);
      if (repository !== undefined) this.gauge('trs_roles_overdue').set({ repository }, roles);
    }
    for (const { repositoryId, role, expiresAt } of expiries) {
      const repository = names.get(repositoryId) ?? '';
      const seconds = secondsBetween(now, expiresAt);
      if (role === null) this.gauge('trs_bins_expire_in_seconds').set({ repository }, seconds);
      else this.gauge('trs_role_expires_in_seconds').set({ repository, role }, seconds);
    }
  }

  // Without the database nothing of it is told but that it is away: an old figure would pass for a new one.
  private tellThatItIsAway(): void {
    this.forget();
    this.gauge('trs_database_up').set(0);
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
  ['trs_roles_overdue', 'Roles that are expired, or should have been signed again a minute ago.', 'repository'],
] as const;

function secondsBetween(earlier: Date, later: Date): number {
  return (later.getTime() - earlier.getTime()) / 1_000;
}
