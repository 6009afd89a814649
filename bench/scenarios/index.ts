import { batchThroughput } from './batch-throughput.js';
import { bootstrap } from './bootstrap.js';
import { bulkImport } from './import.js';
import { publishLatency } from './publish-latency.js';
import { publishThroughput } from './publish-throughput.js';
import { resignAll } from './resign-all.js';
import type { Scenario } from './scenario.js';

export type { Scenario } from './scenario.js';

/** In the order in which they run: the import first, for others use what it brings in. */
export const SCENARIOS: readonly Scenario[] = [
  bootstrap,
  bulkImport,
  publishLatency,
  publishThroughput,
  batchThroughput,
  resignAll,
];
