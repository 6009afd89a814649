import { throughput } from './throughput.js';

export const publishThroughput = throughput(
  'publish-throughput',
  '64 clients, one artifact per request, each waiting until it is visible',
  { clients: 64, artifactsPerRequest: 1 },
);
