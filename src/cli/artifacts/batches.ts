const MAXIMUM_ITEMS = 1_000;
/** Below the smallest body limit that a service can be given. */
const MAXIMUM_BYTES = 500_000;

/** Cuts a list into requests: at most 1,000 items each, and small enough for any service. */
export function batchesOf<Item>(items: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item), 'utf8') + 1;
    if (batch.length === MAXIMUM_ITEMS || (batch.length > 0 && bytes + size > MAXIMUM_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
