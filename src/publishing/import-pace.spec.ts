import { ImportPace } from './import-pace.js';

describe('the pace of an import', () => {
  test('finds the size of a slice that takes half a second', () => {
    const pace = new ImportPace();
    for (let round = 0; round < 20; round += 1) pace.published(1, pace.sizeFor(1), 50 + pace.sizeFor(1) * 0.1);
    expect(pace.sizeFor(1)).toBeGreaterThan(4_000);
    expect(pace.sizeFor(1)).toBeLessThan(5_000);
    expect(pace.sizeFor(2)).toBe(10_000);
  });

  test.each([
    ['a fast one', 0.001, 50_000],
    ['a slow one', 10, 1_000],
  ])('stays within bounds for %s', (_, perEntry, size) => {
    const pace = new ImportPace();
    for (let round = 0; round < 20; round += 1) pace.published(1, pace.sizeFor(1), pace.sizeFor(1) * perEntry);
    expect(pace.sizeFor(1)).toBe(size);
  });

  test('is not told by the small rest of an import', () => {
    const pace = new ImportPace();
    pace.published(1, 3, 1);
    expect(pace.sizeFor(1)).toBe(10_000);
  });

  test('comes down to single entries where a slice fails, and recovers', () => {
    const pace = new ImportPace();
    const sizes = [];
    while (pace.sizeFor(1) > 1) {
      sizes.push(pace.sizeFor(1));
      pace.failed(1, pace.sizeFor(1));
    }
    expect(sizes).toEqual([10_000, 1_000, 100, 10]);
    for (let round = 0; round < 10; round += 1) pace.published(1, pace.sizeFor(1), 1_000);
    expect(pace.sizeFor(1)).toBeGreaterThanOrEqual(500);
  });
});
