import { median } from '../figure.js';
import type { Scenario } from './scenario.js';

export const limit: Scenario = {
  name: 'limit',
  measures: 'the bare steps on this machine: ed25519, sha256, canonical JSON, gzip, COPY, a durable commit',
  async *run(bench) {
    const { samples } = await bench.limits();
    for (const [step, times] of Object.entries(samples)) {
      yield { name: `limit-${step}`, value: median(times), unit: 'ms', samples: times };
    }
  },
};
