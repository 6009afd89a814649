import { setTimeout as pause } from 'node:timers/promises';
import { Updater } from 'tuf-js';
import type { Promised, Report } from './poller.js';

// A process of its own with a stock client that keeps what it trusts in a folder, so that it finds every rollback. It
// refreshes all the time, and looks for what the test was told that clients see.

const [metadataDir = '', metadataBaseUrl = '', outageMs = '0'] = process.argv.slice(2);
const PAUSE_MS = 30;
/** How long another process may serve the timestamp before the last one: it keeps timestamps for a second. */
const LAG_MS = 2_000;
/** Of those that were promised, besides the last ones. */
const SAMPLE = 5;

const promised: Promised[] = [];
class NotThere extends Error {}

let polls = 0;
let late = 0;
let isOver = false;

process.on('message', (message: Promised | 'end') => {
  if (message === 'end') isOver = true;
  else promised.push(message);
});

while (!isOver) {
  await refreshWithinLag();
  polls += 1;
  await pause(PAUSE_MS);
}
report({ kind: 'end', polls, late });
process.disconnect();

async function refreshWithinLag(): Promise<void> {
  const from = Date.now();
  for (;;) {
    const expected = [...promised.slice(-SAMPLE), ...sample()];
    try {
      const client = new Updater({ metadataDir, metadataBaseUrl });
      await client.refresh();
      for (const artifact of expected) await look(client, artifact);
      return;
    } catch (error) {
      if (Date.now() - from < patienceWith(error)) {
        late += 1;
        await pause(PAUSE_MS);
        continue;
      }
      report({ kind: 'violation', message: `poll ${polls}: ${error instanceof Error ? error.message : error}` });
      return;
    }
  }
}

async function look(client: Updater, { path, sha256 }: Promised): Promise<void> {
  const found = await client.getTargetInfo(path);
  if (found?.hashes.sha256 !== sha256) throw new NotThere(`${path} has ${found?.hashes.sha256 ?? 'no entry'}`);
}

function sample(): Promised[] {
  return Array.from({ length: SAMPLE }, () => promised[Math.floor(Math.random() * promised.length)]).filter(
    (artifact) => artifact !== undefined,
  );
}

/**
 * For how long it may go on. A process that was not told of a revision, because who published it was killed, serves the
 * timestamp before for a second: a client that has seen the new one rightly refuses it, and the artifact of that revision
 * is not there yet. Who looks for the next root just before there is one refuses a timestamp of its keys just after.
 * Where outages are tolerated, a file may be out of reach for a while; never is a wrong one right.
 */
function patienceWith(error: unknown): number {
  const message = error instanceof Error ? error.message : '';
  if (error instanceof NotThere || /New timestamp version \d+ is less|timestamp was signed by 0/.test(message))
    return LAG_MS;
  return /Failed to download/.test(message) ? Number(outageMs) : 0;
}

function report(message: Report): void {
  process.send?.(message);
}
