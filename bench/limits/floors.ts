import type { Scale } from '../scale.js';
import { COPIED_ROWS } from './database-limits.js';
import type { Limits } from './limits.js';

const SECOND = 1_000;

/** Signed, hashed, and checked as a client would. */
const BIN = ['canonical-json-bin', 'sign-bin', 'sha256-bin', 'verify-bin'] as const;
/** Besides the bins, what every revision signs; its snapshot is spliced, not built. */
const REVISION = ['sign-snapshot', 'sha256-snapshot', 'verify-snapshot', 'sign-timestamp', 'verify-timestamp'] as const;

/** By figure: what its bare steps take, one after the other on one core, in the unit of the figure. */
const FLOORS: Readonly<Record<string, (limits: Limits, scale: Scale) => number>> = {
  bootstrap: (limits, { bins }) => (bins * limits.sum('sign-timestamp', 'verify-timestamp')) / SECOND, // empty bins are as small
  import: (limits, scale) => importSeconds(limits, scale),
  'import-rate': (limits, scale) => scale.artifacts / importSeconds(limits, scale),
  'publish-latency': (limits) => publishMilliseconds(limits),
  'publish-latency-answer': (limits) => publishMilliseconds(limits),
  'publish-throughput-large': (limits) => SECOND / limits.sum(...BIN),
  'batch-throughput-large': (limits, { bins }) => batchRate(limits, bins),
  'resign-all': (limits, { bins }) => (bins * limits.sum(...BIN)) / SECOND,
  'rotate-online-key': (limits, { bins }) => (bins * limits.sum(...BIN)) / SECOND,
};

export function floorOf(figure: string, limits: Limits, scale: Scale): number | null {
  return FLOORS[figure]?.(limits, scale) ?? null;
}

function importSeconds(limits: Limits, { artifacts, bins }: Scale): number {
  const copies = (artifacts / COPIED_ROWS) * limits.of('copy-100,000-rows');
  return (copies + bins * limits.sum(...BIN)) / SECOND;
}

/** One commit accepts the change, another publishes it. */
function publishMilliseconds(limits: Limits): number {
  return limits.sum('commit', ...BIN, ...REVISION, 'commit');
}

/** Where one revision takes what all clients have sent: so many artifacts share some bins. */
function batchRate(limits: Limits, bins: number): number {
  const artifacts = 8_000;
  const touched = bins * (1 - (1 - 1 / bins) ** artifacts);
  const copies = (artifacts / COPIED_ROWS) * limits.of('copy-100,000-rows');
  return artifacts / ((copies + touched * limits.sum(...BIN)) / SECOND);
}
