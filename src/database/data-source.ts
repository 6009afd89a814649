import { DataSource, type DataSourceOptions } from 'typeorm';
import { PLAN_EACH_TIME } from './by-index.js';
import { ENTITIES } from './entities/index.js';
import { guardedClient } from './guarded-client.js';
import { InitialSchema1795000000000 } from './migrations/1795000000000-initial-schema.js';
import { KeyOwner1795200000000 } from './migrations/1795200000000-key-owner.js';
import { SigningKey1795300000000 } from './migrations/1795300000000-signing-key.js';
import { Delegations1795400000000 } from './migrations/1795400000000-delegations.js';
import { Consequences1795500000000 } from './migrations/1795500000000-consequences.js';
import { ArtifactImport1795600000000 } from './migrations/1795600000000-artifact-import.js';
import { CompressedMetadata1795700000000 } from './migrations/1795700000000-compressed-metadata.js';
import { Retention1795800000000 } from './migrations/1795800000000-retention.js';
import { RepositorySize1795850000000 } from './migrations/1795850000000-repository-size.js';
import { TokenRights1795900000000 } from './migrations/1795900000000-token-rights.js';
import { TrustedPublishers1795910000000 } from './migrations/1795910000000-trusted-publishers.js';
import { Approvals1795920000000 } from './migrations/1795920000000-approvals.js';
import { Audit1796000000000 } from './migrations/1796000000000-audit.js';
import { Webhooks1796010000000 } from './migrations/1796010000000-webhooks.js';

/** Named apart from every other advisory lock of this service. */
const MIGRATION_LOCK = 0x5452_5300;

/** Nothing of the service takes this long; what does is stuck, and holds a lock that others wait for. */
const STATEMENT_MS = 300_000;

/** @param statementMs what a statement may take, or a transaction wait for its next one. */
export function dataSourceOptions(url: string, poolSize: number, statementMs = STATEMENT_MS): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    poolSize,
    entities: ENTITIES,
    migrations: [
      InitialSchema1795000000000,
      KeyOwner1795200000000,
      SigningKey1795300000000,
      Delegations1795400000000,
      Consequences1795500000000,
      ArtifactImport1795600000000,
      CompressedMetadata1795700000000,
      Retention1795800000000,
      RepositorySize1795850000000,
      TokenRights1795900000000,
      TrustedPublishers1795910000000,
      Approvals1795920000000,
      Audit1796000000000,
      Webhooks1796010000000,
    ],
    migrationsTableName: 'migration',
    synchronize: false,
    applicationName: 'trs',
    connectTimeoutMS: 10_000,
    extra: {
      keepAlive: true,
      Client: guardedClient(statementMs),
      options: PLAN_EACH_TIME,
      statement_timeout: statementMs,
      idle_in_transaction_session_timeout: statementMs,
    },
  };
}

/** Connects and brings the schema up to date; of several processes that start at once, one migrates. */
export async function openDataSource(url: string, poolSize: number, statementMs?: number): Promise<DataSource> {
  const dataSource = await new DataSource(dataSourceOptions(url, poolSize, statementMs)).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    return dataSource;
  } catch (error) {
    await runner.release();
    await dataSource.destroy();
    throw error;
  } finally {
    if (!runner.isReleased) await runner.release();
  }
}
