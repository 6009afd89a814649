import type { Scenario } from './scenario.js';

export const bulkImport: Scenario = {
  name: 'import',
  measures: 'bulk import of all artifacts as an NDJSON stream → all visible',
  async *run(bench) {
    const service = await bench.startService();
    const { filled } = await bench.large(service);
    yield { name: 'import', value: filled.seconds, unit: 's', n: filled.artifacts };
    yield { name: 'import-received', value: filled.receivedSeconds, unit: 's', n: filled.artifacts };
    yield {
      name: 'import-rate',
      value: filled.artifacts / filled.seconds,
      unit: 'artifacts/s',
      n: filled.artifacts,
    };
    yield { name: 'import-idle-rss', value: await bench.idleRss(service), unit: 'MB', n: filled.artifacts };
  },
};
