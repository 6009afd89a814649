import type { Scenario } from './scenario.js';

const TIMES = 3;

export const bootstrap: Scenario = {
  name: 'bootstrap',
  measures: 'POST of a repository with hash bins → ready',
  async *run(bench) {
    const service = await bench.startService();
    const samples: number[] = [];
    for (let time = 0; time < TIMES; time += 1) samples.push((await bench.emptyRepository(service)).bootstrapSeconds);
    yield { name: 'bootstrap', value: samples.reduce((sum, each) => sum + each) / TIMES, unit: 's', samples };
  },
};
