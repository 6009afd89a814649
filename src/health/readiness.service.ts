import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import { PublicationWitness } from '../database/publication-witness.js';
import { TaskStore } from '../database/task.store.js';
import { SigningProbe } from '../key-vaults/signing-probe.service.js';
import { OVERDUE_AFTER_MS } from '../tuf/forecast.js';
import type { CheckDto, ReadyDto } from './health.dto.js';

const STUCK_AFTER_MS = 60_000;

@Injectable()
export class ReadinessService {
  private readonly logger = new Logger(ReadinessService.name);
  private underWay: Promise<ReadyDto> | null = null;

  constructor(
    private readonly keys: KeyStore,
    private readonly probe: SigningProbe,
    private readonly metadata: MetadataStore,
    private readonly tasks: TaskStore,
    private readonly witness: PublicationWitness,
    private readonly clock: Clock,
  ) {}

  /** Anybody may ask: those who ask while one check is under way share it. */
  check(): Promise<ReadyDto> {
    this.underWay ??= this.checkAll().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async checkAll(): Promise<ReadyDto> {
    const database = await this.checked('the database does not answer', () => this.database());
    const down: CheckDto = { status: 'down', detail: 'unknown without the database' };
    if (database.status === 'down') {
      return { status: 'not-ready', database, keyVault: down, freshness: down, publishing: down };
    }
    const keyVault = await this.checked('unknown', () => this.keyVault());
    const freshness = await this.checked('unknown', () => this.freshness());
    const publishing = await this.checked('unknown', () => this.publishing());
    const isReady = [keyVault, freshness, publishing].every(({ status }) => status === 'up');
    return { status: isReady ? 'ready' : 'not-ready', database, keyVault, freshness, publishing };
  }

  private async database(): Promise<CheckDto> {
    if (await this.tasks.canRecord()) return { status: 'up', detail: 'answers' };
    return { status: 'down', detail: 'the database takes no writes' };
  }

  private async keyVault(): Promise<CheckDto> {
    const keys = await this.keys.onlineKeys();
    const asked = await Promise.allSettled(keys.map((key) => this.probe.assertSigns(key)));
    const failures = asked.filter((answer) => answer.status === 'rejected');
    if (failures.length === 0) return { status: 'up', detail: `${keys.length} keys sign` };
    for (const { reason } of failures) this.logger.warn(`a key vault does not sign: ${reason.message}`);
    return { status: 'down', detail: `${failures.length} of ${keys.length} keys do not sign; see the log` };
  }

  private async freshness(): Promise<CheckDto> {
    const now = this.clock.now();
    const overdueSince = new Date(now.getTime() - OVERDUE_AFTER_MS);
    const overdue = await this.metadata.overdueRoles(now, overdueSince, 1_000);
    if (overdue.length === 0) return { status: 'up', detail: 'nothing is expired or overdue' };
    return { status: 'down', detail: `${overdue.length} roles are expired or overdue` };
  }

  private async publishing(): Promise<CheckDto> {
    const { size } = this.witness.wentBack;
    if (size > 0) return { status: 'down', detail: `the database of ${size} repositories went back; see the log` };
    const oldest = await this.tasks.oldestWaiting();
    const seconds = oldest ? Math.round((this.clock.now().getTime() - oldest.getTime()) / 1_000) : 0;
    if (seconds * 1_000 < STUCK_AFTER_MS) return { status: 'up', detail: 'no change waits for long' };
    return { status: 'down', detail: `a change has waited for ${seconds} seconds` };
  }

  // The reason stays in the log of whoever meets it at work: this answer is public.
  private async checked(failure: string, check: () => Promise<CheckDto>): Promise<CheckDto> {
    try {
      return await check();
    } catch {
      return { status: 'down', detail: failure };
    }
  }
}
