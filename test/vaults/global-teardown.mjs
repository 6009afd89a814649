import { rmSync } from 'node:fs';
import stopPostgres from '../support/global-teardown.mjs';

export default async function globalTeardown() {
  rmSync(process.env.TRS_TEST_SOFTHSM_FOLDER, { recursive: true, force: true });
  await stopPostgres();
}
