import { median } from '../figure.js';
import { publishFor } from '../load/publishing.js';
import type { Scenario } from './scenario.js';

interface Clients {
  readonly clients: number;
  readonly artifactsPerRequest: number;
}

/** How much becomes visible per second, in each repository that the run has. */
export function throughput(name: string, measures: string, clients: Clients): Scenario {
  return {
    name,
    measures,
    async *run(bench) {
      const service = await bench.startService();
      for (const [size, repository] of await bench.sizes(service)) {
        const load = { ...clients, seconds: bench.scale.loadSeconds, series: name };
        const { artifacts, seconds, milliseconds } = await publishFor([service], repository.name, load);
        yield { name: `${name}-${size}`, value: artifacts / seconds, unit: 'artifacts/s', n: artifacts };
        yield { name: `${name}-${size}-answer`, value: median(milliseconds), unit: 'ms', samples: milliseconds };
      }
    },
  };
}
