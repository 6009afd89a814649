import { batchThroughput } from './batch-throughput.js';
import { bootstrap } from './bootstrap.js';
import { bulkImport } from './import.js';
import { limit } from './limit.js';
import { memory } from './memory.js';
import { publishLatency } from './publish-latency.js';
import { publishLatencyGrowth } from './publish-latency-growth.js';
import { publishThroughput } from './publish-throughput.js';
import { replicas } from './replicas.js';
import { resignAll } from './resign-all.js';
import { rotateOnlineKey } from './rotate-online-key.js';
import type { Scenario } from './scenario.js';
import { serve } from './serve.js';

export type { Scenario } from './scenario.js';

/** In the order in which they run: the import first, for others use what it brings in; batches last, for they add most to it. */
export const SCENARIOS: readonly Scenario[] = [
  limit,
  bootstrap,
  bulkImport,
  publishLatency,
  publishLatencyGrowth,
  publishThroughput,
  resignAll,
  serve,
  replicas,
  memory,
  rotateOnlineKey,
  batchThroughput,
];
