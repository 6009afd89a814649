import type { VersionNumbers } from './metadata-sizes.js';
import type { PlanAssumptions } from './plan-assumptions.js';
import { binRenewalsPerDay, renewalsPerDay } from './renewal-rate.js';

/** How often in a day something happens, on average. */
export interface PlanRates {
  readonly publishes: number;
  /** Different bins that one publish makes new versions of. */
  readonly binsPerPublish: number;
  /** New versions only because the old ones would expire. */
  readonly renewals: {
    readonly targets: number;
    /** Of all bins together. */
    readonly bins: number;
    readonly snapshot: number;
    readonly timestamp: number;
  };
  /** New snapshots, and so new versions for every client to look at. */
  readonly snapshots: number;
  /** New timestamps: each revision has one. */
  readonly revisions: number;
}

const DAYS_A_YEAR = 365;

/** @param bins how many; 0 where targets lists the artifacts itself. */
export function planRates(assumptions: PlanAssumptions, bins: number): PlanRates {
  const { changesPerDay, changesPerPublish, lifetimes } = assumptions;
  const publishes = changesPerDay / changesPerPublish;
  const binsPerPublish = expectedBins(bins, changesPerPublish);
  const changesPerBin = bins > 0 ? (publishes * binsPerPublish) / bins : 0;
  const renewedBins = bins * binRenewalsPerDay(lifetimes.bins, changesPerBin);
  const renewedTargets = renewalsPerDay(lifetimes.targets, bins > 0 ? 0 : publishes);
  const changes = publishes + renewedBins + renewedTargets;
  const renewedSnapshots = renewalsPerDay(lifetimes.snapshot, changes);
  const snapshots = changes + renewedSnapshots;
  const renewedTimestamps = renewalsPerDay(lifetimes.timestamp, snapshots);
  return {
    publishes,
    binsPerPublish,
    renewals: {
      targets: renewedTargets,
      bins: renewedBins,
      snapshot: renewedSnapshots,
      timestamp: renewedTimestamps,
    },
    snapshots,
    revisions: snapshots + renewedTimestamps,
  };
}

/** How many different bins so many artifacts fall into: their paths' hashes spread them evenly. */
export function expectedBins(bins: number, artifacts: number): number {
  return bins === 0 ? 0 : bins * (1 - (1 - 1 / bins) ** artifacts);
}

/** Version numbers grow, and take room: those after a year. */
export function versionsAfterAYear(rates: PlanRates, bins: number): VersionNumbers {
  const after = (perDay: number) => 1 + Math.round(perDay * DAYS_A_YEAR);
  const perBin = bins > 0 ? (rates.publishes * rates.binsPerPublish + rates.renewals.bins) / bins : 0;
  return {
    targets: after(rates.renewals.targets + (bins > 0 ? 0 : rates.publishes)),
    bins: after(perBin),
    snapshot: after(rates.snapshots),
    timestamp: after(rates.revisions),
  };
}
