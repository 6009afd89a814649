import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import startPostgres from '../support/global-setup.mjs';

/** SoftHSM reads the environment of the process itself, which only this file can set: Jest gives tests a copy. */
export default async function globalSetup() {
  const folder = mkdtempSync(join(tmpdir(), 'trs-softhsm-'));
  mkdirSync(join(folder, 'tokens'));
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  writeFileSync(process.env.SOFTHSM2_CONF, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  process.env.TRS_TEST_SOFTHSM_FOLDER = folder;
  await startPostgres();
}
