import { openDataSource } from './database/data-source.js';
import { EnvironmentError, readEnvironment } from './environment.js';
import { adviceFor } from './start-up-advice.js';

/** Brings the schema up to date as the user who owns it, so that the service itself may run as one who does not. */
try {
  const { databaseUrl } = readEnvironment();
  if (databaseUrl === undefined)
    throw new EnvironmentError('DATABASE_URL is missing: the embedded database migrates itself');
  const dataSource = await openDataSource(databaseUrl, 3);
  await dataSource.destroy();
  process.stdout.write('The schema is up to date.\n');
} catch (error) {
  process.stderr.write(`\nThe schema cannot be brought up to date.\n${adviceFor(error)}\n`);
  process.exit(1);
}
