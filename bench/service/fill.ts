import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { generatedArtifacts, generatedLines } from '../load/generated-artifacts.js';
import { HttpClient } from '../load/http-client.js';
import { publishVisibly } from '../load/publishing.js';
import type { RunningService } from './running-service.js';

/** The series of the artifacts that fill a repository. */
const SERIES = 'filling';
const POLL_MS = 100;

export interface Filled {
  readonly artifacts: number;
  /** From the request until all are visible. */
  readonly seconds: number;
}

/** Brings artifacts into a repository by one bulk import. */
export async function fill(service: RunningService, repository: string, artifacts: number): Promise<Filled> {
  const started = performance.now();
  const address = `/api/v1/repositories/${repository}/artifacts/import`;
  if (await isRoute(service, address)) await importAll(service, address, artifacts);
  else await inBatches(service, repository, artifacts);
  return { artifacts, seconds: (performance.now() - started) / 1_000 };
}

async function importAll(service: RunningService, address: string, artifacts: number): Promise<void> {
  const response = await fetch(service.url + address, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(generatedLines(SERIES, 0, artifacts))),
    duplex: 'half',
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the import was answered by ${response.status}: ${text}`);
  const client = new HttpClient(service);
  for (;;) {
    const { body } = await client.get(response.headers.get('location') ?? '');
    const task = JSON.parse(body);
    if (task.state !== 'waiting') {
      if (task.progress.published !== artifacts) throw new Error(`the import ended otherwise: ${body}`);
      break;
    }
    await delay(POLL_MS);
  }
  client.close();
}

async function isRoute(service: RunningService, address: string): Promise<boolean> {
  const { status } = await fetch(service.url + address, { method: 'POST' });
  return status !== 404;
}

const BATCH = 1_000;
const AT_ONCE = 8;

async function inBatches(service: RunningService, repository: string, artifacts: number): Promise<void> {
  let next = 0;
  const clients = Array.from({ length: AT_ONCE }, async () => {
    const client = new HttpClient(service);
    while (next < artifacts) {
      const batch = generatedArtifacts(SERIES, next, Math.min(BATCH, artifacts - next));
      next += batch.length;
      await publishVisibly(client, repository, batch);
    }
    client.close();
  });
  await Promise.all(clients);
}
