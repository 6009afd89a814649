import type { Target } from './figure.js';
import type { Scale } from './scale.js';

const atMost = (bound: number, of: Target['of'] = 'value'): Target => ({ of, is: 'at most', bound });
const atLeast = (bound: number): Target => ({ of: 'value', is: 'at least', bound });

/** What two cores, an ed25519 key in a file, 1,000,000 artifacts and 16,384 bins must reach, by figure. */
const TARGETS: Readonly<Record<string, readonly Target[]>> = {
  bootstrap: [atMost(3)],
  import: [atMost(90), atMost(700, 'serviceRssMb')],
  'publish-latency': [atMost(40), atMost(150, 'p99')],
  'publish-latency-growth': [atMost(1.3)],
  'publish-throughput-empty': [atLeast(1_000)],
  'publish-throughput-empty-answer': [atMost(1_000, 'p99')],
  'publish-throughput-large': [atLeast(1_000)],
  'publish-throughput-large-answer': [atMost(1_000, 'p99')],
  'batch-throughput-empty': [atLeast(15_000)],
  'batch-throughput-large': [atLeast(15_000)],
  'resign-all': [atMost(12)],
  'resign-all-publishing': [atMost(1_000, 'p99')],
  'rotate-online-key': [atMost(15)],
  'serve-bin': [atLeast(15_000)],
  'serve-bin-share-of-nginx': [atLeast(40)],
  'replicas-2-accepted-to-alone': [atLeast(1)],
  'replicas-2-published-to-alone': [atLeast(1)],
  'replicas-2-visible-to-alone': [atLeast(1)],
  'replicas-2-gaps': [atMost(0)],
  'replicas-4-accepted-to-alone': [atLeast(1)],
  'replicas-4-published-to-alone': [atLeast(1)],
  'replicas-4-visible-to-alone': [atLeast(1)],
  'replicas-4-gaps': [atMost(0)],
  'memory-idle': [atMost(350)],
};

/** None at a small scale, which shows only that the scenarios work. */
export function targetsOf(figure: string, { name }: Scale): readonly Target[] {
  return name === 'small' ? [] : (TARGETS[figure] ?? []);
}
