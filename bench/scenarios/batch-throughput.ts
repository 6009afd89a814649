import { median } from '../figure.js';
import { generatedArtifacts } from '../load/generated-artifacts.js';
import { HttpClient } from '../load/http-client.js';
import { publishVisibly, recordFor } from '../load/publishing.js';
import type { Scenario } from './scenario.js';

const NAME = 'batch-throughput';

/** Changes are published in their order: once one that was asked last is visible, all are. */
export const batchThroughput: Scenario = {
  name: NAME,
  measures: '8 clients, 1,000 artifacts per request, until the last of them is visible',
  async *run(bench) {
    const service = await bench.startService();
    for (const [size, { name }] of await bench.sizes(service)) {
      const load = { clients: 8, artifactsPerRequest: 1_000, seconds: bench.scale.loadSeconds, series: NAME };
      const started = performance.now();
      const { artifacts, milliseconds } = await recordFor([service], name, load);
      const client = new HttpClient(service);
      await publishVisibly(client, name, generatedArtifacts(`${NAME}-last`, 0, 1));
      client.close();
      const seconds = (performance.now() - started) / 1_000;
      yield { name: `${NAME}-${size}`, value: artifacts / seconds, unit: 'artifacts/s', n: artifacts };
      yield { name: `${NAME}-${size}-answer`, value: median(milliseconds), unit: 'ms', samples: milliseconds };
    }
  },
};
