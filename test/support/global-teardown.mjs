import { assertNoSecretsInLogs } from './secrets-in-logs.mjs';

export default async function globalTeardown() {
  await globalThis.trsTestPostgres?.stop();
  delete globalThis.trsTestPostgres;
  await assertNoSecretsInLogs();
}
