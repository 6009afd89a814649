import { ImportPace } from './import-pace.js';

/** Publishes a few slices, of which each takes some time and each of its entries some more. */
function paceAfter(slices: number, milliseconds: number, perEntry: number): ImportPace {
  const pace = new ImportPace();
  for (let slice = 0; slice < slices; slice += 1) {
    pace.published(1, pace.sizeFor(1), milliseconds + pace.sizeFor(1) * perEntry);
  }
  return pace;
}

const FIRST = new ImportPace().sizeFor(1);

describe('the pace of an import', () => {
  test('finds a size whose slices take about the same, and less than a third of a second', () => {
    const size = paceAfter(20, 50, 0.1).sizeFor(1);
    expect(50 + size * 0.1).toBeGreaterThan(100);
    expect(50 + size * 0.1).toBeLessThan(333);
    expect(paceAfter(21, 50, 0.1).sizeFor(1)).toBe(size);
  });

  test.each([
    ['a fast one', 0.001, 50_000],
    ['a slow one', 10, 1_000],
  ])('stays within bounds for %s', (_, perEntry, size) => {
    expect(paceAfter(20, 0, perEntry).sizeFor(1)).toBe(size);
  });

  test('is learnt for each repository apart', () => {
    expect(paceAfter(20, 0, 10).sizeFor(2)).toBe(FIRST);
  });

  test('is not told by the small rest of an import', () => {
    const pace = new ImportPace();
    pace.published(1, 3, 1);
    expect(pace.sizeFor(1)).toBe(FIRST);
  });

  test('comes down to single entries where a slice fails, and recovers', () => {
    const pace = new ImportPace();
    let failures = 0;
    for (; pace.sizeFor(1) > 1; failures += 1) pace.failed(1, pace.sizeFor(1));
    expect(failures).toBeLessThan(6);
    for (let slice = 0; slice < 10; slice += 1) pace.published(1, pace.sizeFor(1), 1_000);
    expect(pace.sizeFor(1)).toBeGreaterThan(500);
  });
});
