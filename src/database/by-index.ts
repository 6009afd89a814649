/**
 * For what a transaction looks up one by one among millions of rows, and an index leads to: with statistics from before an
 * import, PostgreSQL may think that it is cheaper to go through all of a table, and through every version of all metadata
 * at that. A list of columns that sets this for the transaction.
 */
export const BY_INDEX = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
  .map((method) => `set_config('enable_${method}', 'off', true)`)
  .join(', ');
