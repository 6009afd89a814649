import { throughput } from './throughput.js';

export const batchThroughput = throughput(
  'batch-throughput',
  '8 clients, 1,000 artifacts per request, each waiting until they are visible',
  { clients: 8, artifactsPerRequest: 1_000 },
);
