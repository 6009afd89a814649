import { batchesOf } from './batches.js';

describe('batches', () => {
  test('hold at most 1,000 items, all of them, in order', () => {
    const items = Array.from({ length: 2_001 }, (_, index) => index);
    const batches = batchesOf(items);
    expect(batches.map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
    expect(batches.flat()).toEqual(items);
  });

  test('stay below the smallest body limit of a service, however large the items', () => {
    const batches = batchesOf(Array.from({ length: 20 }, () => 'é'.repeat(40_000)));
    expect(batches.flat()).toHaveLength(20);
    for (const batch of batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(600_000);
  });

  test('are none for nothing', () => {
    expect(batchesOf([])).toEqual([]);
  });
});
