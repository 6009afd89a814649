import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../src/application.js';
import { readEnvironment } from '../../src/environment.js';
import { type LogOutput, ServiceLogger } from '../../src/logging/service-logger.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { keepSecret, keepSecretsOf, keepStart, logBook } from './log-book.js';
import { MovableClock } from './movable-clock.js';

export interface TestService {
  readonly url: string;
  readonly token: string;
  readonly app: NestFastifyApplication;
  readonly clock: MovableClock;
  readonly database: TestDatabase;
  readonly dataFolder: string;
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Another service on the same database and data folder: a replica. */
  readonly besides?: TestService;
  readonly clock?: MovableClock;
  /** Gets the log as well, line by line. */
  readonly log?: LogOutput;
  /** One that is there already; the service drops it when it stops. */
  readonly database?: TestDatabase;
}

/** The service as it is in src/, listening on a free port of the loopback, on a database of its own. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const { besides } = options;
  const database = options.database ?? besides?.database ?? (await createTestDatabase());
  const dataFolder = besides?.dataFolder ?? (await mkdtemp(join(tmpdir(), 'trs-service-')));
  const clock = options.clock ?? besides?.clock ?? new MovableClock();
  const environment = readEnvironment({
    TRS_DATA_DIR: dataFolder,
    TRS_PORT: '0',
    TRS_LOG_LEVEL: 'debug',
    TRS_LOG_FORMAT: 'json',
    ...options.environment,
  });
  const silenced = silenceStandardOutput();
  keepSecretsOf(options.environment ?? {}, database.url);
  if (environment.logLevel === 'debug') keepStart();
  const logger = ServiceLogger.for(environment, database.url, logBook(options.log));
  const app = await createApplication(environment, database.url, { clock, logger });
  await app.listen(0, '127.0.0.1');
  silenced.restore();
  const stop = async () => {
    await app.close();
    if (besides) return;
    await database.drop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  const token = environment.adminToken ?? (await readFile(join(dataFolder, 'admin-token'), 'utf8')).trim();
  keepSecret(token);
  return { url: await app.getUrl(), token, app, clock, database, dataFolder, stop };
}

// The first start prints the administrator's token; in a test's output it is only noise.
function silenceStandardOutput(): { restore(): void } {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  return {
    restore: () => {
      process.stdout.write = write;
    },
  };
}
