import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BY_INDEX } from './by-index.js';
import { pipelined } from './guarded-client.js';
import { CHANNELS, Notifications } from './notifications.js';
import { PublicationImports } from './publication-imports.js';
import { PublicationReader } from './publication-reader.js';
import { PublicationWriter } from './publication-writer.js';
import type { SettledTask } from './settled-task.js';
import { TransactionStatements } from './transaction-statements.js';
import { isToldOf, WebhookOutbox } from './webhook-outbox.js';

/** The first half of the advisory lock's key; the second is the repository's id. */
const PUBLISHER_LOCK = 0x5452_5301;

/** What the elected publisher of a repository reads and writes, all in one transaction. */
export interface Publication {
  readonly read: PublicationReader;
  readonly write: PublicationWriter;
  readonly imports: PublicationImports;
  /** How many artifacts the repository lists. */
  readonly artifacts: number;
}

/** Another publisher is at work on that repository. */
export const ELSEWHERE = Symbol('another publisher is elected');

@Injectable()
export class PublicationStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {}

  /** How many repositories may be published at once: half of the connections, so that requests find some, too. */
  get atOnce(): number {
    const { poolSize = 2 } = this.dataSource.options;
    return Math.max(1, Math.floor(poolSize / 2));
  }

  /**
   * Elects this caller as the publisher of a repository and runs `work` in its transaction, which commits when `work`
   * returns; then every process is told. The lock lives and dies with the transaction, so whoever loses it cannot commit
   * either.
   * @param work returns null where it wrote nothing.
   * @returns ELSEWHERE, without running `work`, while another publisher is elected.
   */
  async asPublisher<T>(
    repositoryId: number,
    work: (publication: Publication) => Promise<T | null>,
  ): Promise<T | null | typeof ELSEWHERE> {
    const settled: SettledTask[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      const rows: { elected: boolean; told: boolean; artifacts: number }[] = await manager.query(
        `select pg_try_advisory_xact_lock($1, $2) as elected, ${isToldOf('$2')} as told,
           coalesce((select artifacts from artifact_count where repository_id = $2), 0)::float8 as artifacts, ${BY_INDEX}`,
        [PUBLISHER_LOCK, repositoryId],
      );
      if (!rows[0]?.elected) return ELSEWHERE;
      const statements = new TransactionStatements(manager);
      const outbox = new WebhookOutbox(statements, repositoryId, rows[0].told);
      const publication = {
        read: new PublicationReader(statements, repositoryId),
        write: new PublicationWriter(statements, repositoryId, outbox, settled),
        imports: new PublicationImports(statements, repositoryId, outbox),
        artifacts: rows[0].artifacts,
      };
      return pipelined(manager, () => work(publication)).finally(() => statements.end());
    });
    if (result !== null && result !== ELSEWHERE) {
      this.notifications.tell(CHANNELS.revisionSettled, { repositoryId, settled });
    }
    return result;
  }
}
