/**
 * For what a transaction looks up one by one among millions of rows, and an index leads to: with statistics from before an
 * import, PostgreSQL may think that it is cheaper to go through all of a table, and through every version of all metadata
 * at that. A list of columns that sets this for the transaction. As it leaves no choice, plans may be kept.
 */
export const BY_INDEX = [
  ...['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((method) => `set_config('enable_${method}', 'off', true)`),
  `set_config('plan_cache_mode', 'auto', true)`,
].join(', ');

/** Elsewhere statements are planned each time: a plan that was good for a few rows must not outlive them. */
export const PLAN_EACH_TIME = '-c plan_cache_mode=force_custom_plan';
