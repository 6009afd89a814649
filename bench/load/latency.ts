import type { RunningService } from '../service/running-service.js';
import { generatedArtifact } from './generated-artifacts.js';
import { HttpClient } from './http-client.js';
import { publishVisibly } from './publishing.js';
import { snapshotVersion } from './timestamp.js';

export interface Latencies {
  /** From the POST until it is answered that the artifact is visible. */
  readonly answered: number[];
  /** From the POST until the service has served a timestamp that names it. */
  readonly visible: number[];
}

/** One client that publishes one artifact after the other, and looks at the timestamp after each. */
export async function publishingLatency(
  service: RunningService,
  repository: string,
  series: string,
  isEnough: (requests: number) => boolean,
): Promise<Latencies> {
  const client = new HttpClient(service);
  const latencies: Latencies = { answered: [], visible: [] };
  let known = await snapshotVersion(client, repository);
  for (let index = 0; !isEnough(index); index += 1) {
    const started = performance.now();
    latencies.answered.push(await publishVisibly(client, repository, [generatedArtifact(series, index)]));
    let served = known;
    while (served <= known) served = await snapshotVersion(client, repository);
    latencies.visible.push(performance.now() - started);
    known = served;
  }
  client.close();
  return latencies;
}
