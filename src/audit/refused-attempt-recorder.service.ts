import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock.js';
import { AuditStore } from '../database/audit.store.js';
import type { NewAuditEntry } from '../database/audit-entries.js';
import { logged } from '../logging/logged-error.js';
import { type CountedAttempts, type RefusedAttempt, RefusedAttempts } from './refused-attempts.js';

/** How many entries wait for a database that is away; what is refused then is left out. */
const MAXIMUM_UNWRITTEN = 1_000;

/** Tells the audit log of refused attempts, beside the requests: nobody who is turned away waits for a commit. */
@Injectable()
export class RefusedAttemptRecorder implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RefusedAttemptRecorder.name);
  private readonly attempts = new RefusedAttempts();
  private unwritten: CountedAttempts[] = [];

  constructor(
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  note(attempt: RefusedAttempt): void {
    this.attempts.note(attempt, this.clock.now());
  }

  @Cron(CronExpression.EVERY_SECOND, { waitForCompletion: true })
  async writeRefused(): Promise<void> {
    await this.write(this.attempts.take(this.clock.now()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.write(this.attempts.takeAll());
  }

  private async write(counted: readonly CountedAttempts[]): Promise<void> {
    this.unwritten.push(...counted);
    if (this.unwritten.length === 0) return;
    const writing = this.unwritten.splice(0);
    try {
      const names = writing.flatMap(({ attempt: { repository } }) => (repository === null ? [] : [repository]));
      const repositories = await this.audit.repositoriesAmong([...new Set(names)]);
      await this.audit.add(writing.map((attempts) => entryOf(attempts, repositories)));
    } catch (error) {
      this.unwritten = [...writing, ...this.unwritten].slice(0, MAXIMUM_UNWRITTEN);
      this.logger.warn(...logged('refused attempts are not in the audit log yet', error));
    }
  }
}

// An attempt on what is no repository belongs to no chain but the service's own.
function entryOf(
  { attempt, attempts, first, last }: CountedAttempts,
  repositories: ReadonlySet<string>,
): NewAuditEntry {
  const { principal, credential, address, repository, ...refused } = attempt;
  const isRepository = repository !== null && repositories.has(repository);
  return {
    at: last,
    ...(isRepository && { repository }),
    principal,
    credential,
    address,
    action: 'refused-attempt',
    target: { ...refused, repository, attempts, first: first.toISOString(), last: last.toISOString() },
  };
}
