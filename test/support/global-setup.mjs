import { join } from 'node:path';
// The built one: Jest loads this file outside its own module system, and `npm test` has built by then.
import { startEmbeddedPostgres } from '../../dist/database/embedded/embedded-postgres.js';
import { startLogBook } from './secrets-in-logs.mjs';

/** One PostgreSQL for the whole run; every test file makes a database of its own in it. */
export default async function globalSetup() {
  await startLogBook();
  if (process.env.TRS_TEST_DATABASE_URL) return;
  const postgres = await startEmbeddedPostgres({ folder: join(import.meta.dirname, '../../.trs/test') });
  process.env.TRS_TEST_DATABASE_URL = postgres.url;
  process.env.TRS_TEST_DATABASE_ADMIN_URL = Object.assign(new URL(postgres.url), { username: 'postgres' }).href;
  globalThis.trsTestPostgres = postgres;
}
