import type { DescribedArtifact } from '../../test/support/artifacts.js';
import type { RunningService } from '../service/running-service.js';
import { generatedArtifacts } from './generated-artifacts.js';
import { HttpClient } from './http-client.js';

const WAIT_SECONDS = 300;

export interface Load {
  readonly clients: number;
  readonly artifactsPerRequest: number;
  /** No client starts another request after that; each finishes its last one. */
  readonly seconds: number;
  /** Tells this load's artifacts from those of any other. */
  readonly series: string;
}

export interface LoadResult {
  readonly artifacts: number;
  /** Until the last request was answered. */
  readonly seconds: number;
  /** Of each request. */
  readonly milliseconds: readonly number[];
}

/** Clients that each publish, wait until that is visible, and publish again; spread over the services. */
export function publishFor(services: readonly RunningService[], repository: string, load: Load): Promise<LoadResult> {
  return repeatFor(services, load, (client, artifacts) => publishVisibly(client, repository, artifacts));
}

/** Clients that each publish and, as soon as that is recorded durably, publish again; spread over the services. */
export function recordFor(services: readonly RunningService[], repository: string, load: Load): Promise<LoadResult> {
  return repeatFor(services, load, (client, artifacts) => add(client, repository, artifacts, 0));
}

/** Adds artifacts and waits until they are visible. @returns the milliseconds that took. */
export function publishVisibly(
  client: HttpClient,
  repository: string,
  artifacts: readonly DescribedArtifact[],
): Promise<number> {
  return add(client, repository, artifacts, WAIT_SECONDS);
}

async function repeatFor(
  services: readonly RunningService[],
  load: Load,
  step: (client: HttpClient, artifacts: readonly DescribedArtifact[]) => Promise<number>,
): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const started = performance.now();
  const deadline = started + load.seconds * 1_000;
  let next = 0;
  const clients = Array.from({ length: load.clients }, async (_, index) => {
    const service = services[index % services.length];
    if (!service) throw new Error('a load needs a service');
    const client = new HttpClient(service);
    while (performance.now() < deadline) {
      const artifacts = generatedArtifacts(load.series, next, load.artifactsPerRequest);
      next += load.artifactsPerRequest;
      milliseconds.push(await step(client, artifacts));
    }
    client.close();
  });
  await Promise.all(clients);
  return { artifacts: next, seconds: (performance.now() - started) / 1_000, milliseconds };
}

async function add(
  client: HttpClient,
  repository: string,
  artifacts: readonly DescribedArtifact[],
  waitSeconds: number,
): Promise<number> {
  const started = performance.now();
  const path = `/api/v1/repositories/${repository}/artifacts?wait=${waitSeconds}`;
  const { status, body } = await client.post(path, { artifacts });
  if (status !== (waitSeconds > 0 ? 200 : 202)) throw new Error(`publishing was answered by ${status}: ${body}`);
  return performance.now() - started;
}
