import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { generatedLines } from '../load/generated-artifacts.js';
import { HttpClient } from '../load/http-client.js';
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
  const task = await sendAll(service, repository, artifacts);
  await untilPublished(service, task, artifacts);
  return { artifacts, seconds: (performance.now() - started) / 1_000 };
}

/** @returns the address of the task. */
async function sendAll(service: RunningService, repository: string, artifacts: number): Promise<string> {
  const response = await fetch(`${service.url}/api/v1/repositories/${repository}/artifacts/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(generatedLines(SERIES, 0, artifacts))),
    duplex: 'half',
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the import was answered by ${response.status}: ${text}`);
  return response.headers.get('location') ?? '';
}

async function untilPublished(service: RunningService, task: string, artifacts: number): Promise<void> {
  const client = new HttpClient(service);
  for (;;) {
    const { body } = await client.get(task);
    const { state, progress } = JSON.parse(body);
    if (state !== 'waiting') {
      client.close();
      if (progress.published !== artifacts) throw new Error(`the import ended otherwise: ${body}`);
      return;
    }
    await delay(POLL_MS);
  }
}
