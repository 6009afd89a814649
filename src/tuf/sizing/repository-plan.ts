import { BIN_COUNTS } from '../settings.js';
import type { PlanAssumptions } from './plan-assumptions.js';
import { type PlanRow, planRow } from './plan-row.js';

/** Numbers of bins side by side. */
export interface RepositoryPlan {
  /** In order of their bins, from none to the most. */
  readonly rows: readonly PlanRow[];
  /** Null where some client that matters reads none of them. */
  readonly recommended: Recommendation | null;
}

export interface Recommendation {
  readonly bins: number;
  /** Which more or fewer bins would be better, but for the limits of clients; null where none. */
  readonly butFor: PlanRow | null;
}

export function repositoryPlan(assumptions: PlanAssumptions): RepositoryPlan {
  const rows = [0, ...BIN_COUNTS].map((count) => planRow(assumptions, count));
  return { rows, recommended: recommendation(rows) };
}

/** So much more to download does not matter, and fewer bins are renewed for less. */
const NEGLIGIBLE = 1.05;

/** The number with which clients download least, among those with which no client that matters meets a limit. */
function recommendation(rows: readonly PlanRow[]): Recommendation | null {
  const best = leastDownload(rows.filter(({ warnings }) => warnings.length === 0));
  const bestOfAll = leastDownload(rows);
  return best ? { bins: best.bins, butFor: bestOfAll && bestOfAll !== best ? bestOfAll : null } : null;
}

function leastDownload(rows: readonly PlanRow[]): PlanRow | undefined {
  const least = Math.min(...rows.map(({ download }) => download.average));
  return rows.find(({ download }) => download.average <= NEGLIGIBLE * least);
}
