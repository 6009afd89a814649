import { setTimeout as delay } from 'node:timers/promises';
import { generatedLines } from '../load/generated-artifacts.js';
import { HttpClient } from '../load/http-client.js';
import type { RunningService } from './running-service.js';

/** The series of the artifacts that fill a repository. */
const SERIES = 'filling';
const POLL_MS = 100;

export interface Filled {
  readonly artifacts: number;
  /** From the request until all lines are durable. */
  readonly receivedSeconds: number;
  /** From the request until all are visible. */
  readonly seconds: number;
}

/** Brings artifacts into a repository by one bulk import. */
export async function fill(service: RunningService, repository: string, artifacts: number): Promise<Filled> {
  const client = new HttpClient(service);
  const started = performance.now();
  const task = await sendAll(client, repository, artifacts);
  const received = performance.now();
  await untilPublished(client, task, artifacts);
  const seconds = (performance.now() - started) / 1_000;
  client.close();
  return { artifacts, receivedSeconds: (received - started) / 1_000, seconds };
}

/** @returns the address of the task. */
async function sendAll(client: HttpClient, repository: string, artifacts: number): Promise<string> {
  const address = `/api/v1/repositories/${repository}/artifacts/import`;
  const lines = generatedLines(SERIES, 0, artifacts);
  const { status, headers, body } = await client.postStream(address, 'application/x-ndjson', lines);
  if (status !== 202 || !headers.location) throw new Error(`the import was answered by ${status}: ${body}`);
  return headers.location;
}

async function untilPublished(client: HttpClient, task: string, artifacts: number): Promise<void> {
  for (;;) {
    const { body } = await client.get(task);
    const { state, progress } = JSON.parse(body);
    if (state !== 'waiting') {
      if (progress.published === artifacts) return;
      throw new Error(`the import ended otherwise: ${body}`);
    }
    await delay(POLL_MS);
  }
}
