/** One thing that a scenario has found out. */
export interface Measured {
  /** By which targets and floors are found. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** How many of what was measured, where `samples` does not say. */
  readonly n?: number;
  /** In the same unit as `value`; percentiles are made of them. */
  readonly samples?: readonly number[];
  /** Where there are no samples to make them of. */
  readonly percentiles?: Percentiles;
  /** Where it was measured in the same scenario. */
  readonly floor?: number | null;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What is measured, with what stood around it. One line of `--json`; what does not apply is null. */
export interface Figure extends Nullable<Percentiles> {
  readonly scenario: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  /** MB of 10^6 bytes: the most that the service processes of the scenario held in memory, together. */
  readonly serviceRssMb: number | null;
  /** MB of 10^6 bytes: the most that PostgreSQL held in memory during the scenario. */
  readonly postgresRssMb: number | null;
  /** Empty where the scale has no targets. */
  readonly targets: readonly TargetResult[];
  /** What this machine does at the bare minimum, in the same unit. */
  readonly floor: number | null;
}

/** What a figure must reach. */
export interface Target {
  readonly of: 'value' | 'p99' | 'serviceRssMb';
  readonly is: 'at most' | 'at least';
  readonly bound: number;
}

export interface TargetResult extends Target {
  readonly met: boolean;
}

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

const NONE: Nullable<Percentiles> = { p50: null, p95: null, p99: null, max: null };

export function percentilesOf(samples: readonly number[] = []): Nullable<Percentiles> {
  if (samples.length === 0) return NONE;
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99), max: at(sorted, 1) };
}

export function median(samples: readonly number[]): number {
  return percentilesOf(samples).p50 ?? Number.NaN;
}

export function resultOf(target: Target, figure: Omit<Figure, 'targets'>): TargetResult {
  const value = figure[target.of];
  const met = value !== null && (target.is === 'at most' ? value <= target.bound : value >= target.bound);
  return { ...target, met };
}

/** The nearest rank, so that each is a value that was measured. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
