/** How much of everything a run uses. */
export interface Scale {
  readonly name: 'small' | 'standard' | 'full';
  /** Listed by the large repository. */
  readonly artifacts: number;
  readonly bins: number;
  /** Sizes of the repositories that publish-latency-growth compares, ascending. */
  readonly growth: readonly number[];
  /** Requests of one client, one after the other. */
  readonly requests: number;
  /** How long many clients keep up their load. */
  readonly loadSeconds: number;
  /** How long each kind of download is repeated. */
  readonly serveSeconds: number;
  readonly renewalRounds: number;
  /** How long a service is left alone before what it holds in memory counts as idle. */
  readonly idleSeconds: number;
}

export const SCALES = {
  small: {
    name: 'small',
    artifacts: 10_000,
    bins: 256,
    growth: [1_000, 10_000],
    requests: 20,
    loadSeconds: 1,
    serveSeconds: 1,
    renewalRounds: 4,
    idleSeconds: 1,
  },
  standard: {
    name: 'standard',
    artifacts: 1_000_000,
    bins: 16_384,
    growth: [10_000, 100_000, 1_000_000],
    requests: 200,
    loadSeconds: 15,
    serveSeconds: 5,
    renewalRounds: 60,
    idleSeconds: 15,
  },
  full: {
    name: 'full',
    artifacts: 1_000_000,
    bins: 16_384,
    growth: [10_000, 100_000, 1_000_000, 5_000_000],
    requests: 200,
    loadSeconds: 15,
    serveSeconds: 5,
    renewalRounds: 60,
    idleSeconds: 15,
  },
} as const satisfies Record<string, Scale>;
