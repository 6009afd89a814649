import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from './application.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './database/embedded/embedded-postgres.js';
import { type Environment, readEnvironment } from './environment.js';
import { ServiceLogger } from './logging/service-logger.js';
import { assertNodeVersion } from './node-version.js';
import { adviceFor } from './start-up-advice.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** How long a stop waits for callers who are slow to take their answers. */
const LAST_ANSWERS_MS = 10_000;

try {
  assertNodeVersion(process.versions.node);
  const environment = readEnvironment();
  await mkdir(environment.dataFolder, { recursive: true, mode: 0o700 });
  const embedded = environment.databaseUrl === undefined ? await embeddedPostgres(environment) : null;
  try {
    const app = await start(environment, environment.databaseUrl ?? embedded?.url ?? '');
    stopOnSignal(app, embedded);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
} catch (error) {
  process.stderr.write(`\nThe TUF Repository Service cannot start.\n${adviceFor(error)}\n`);
  process.exit(1);
}

function embeddedPostgres({ dataFolder }: Environment): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ folder: join(dataFolder, 'postgres') });
}

async function start(environment: Environment, databaseUrl: string): Promise<NestFastifyApplication> {
  const logger = ServiceLogger.for(environment, databaseUrl);
  const app = await createApplication(environment, databaseUrl, { logger });
  try {
    await app.listen(environment.port, environment.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  logger.announce(`The TUF Repository Service listens at ${url}; Swagger UI: ${url}/api`);
  return app;
}

/** Finishes the revision in hand and the requests under way, then the embedded database; a second signal ends at once. */
function stopOnSignal(app: NestFastifyApplication, embedded: EmbeddedPostgres | null): void {
  let isStopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, async () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      setTimeout(() => app.getHttpServer().closeAllConnections(), LAST_ANSWERS_MS).unref();
      await app.close();
      await embedded?.stop();
      process.exit(0);
    });
  }
}
