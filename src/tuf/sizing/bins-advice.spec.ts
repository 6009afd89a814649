import { binsAdvice, type ListedArtifacts } from './bins-advice.js';

const ENTRY = 170;
const SKELETON = 310;

/** With entries of 170 bytes, as paths of 60 bytes have. */
function listed(artifacts: number, bins: number): ListedArtifacts {
  return {
    artifacts,
    bins,
    listingBytes: artifacts * ENTRY + Math.max(1, bins) * SKELETON,
    snapshotBytes: 380 + bins * 31,
  };
}

describe('advice about the number of bins', () => {
  test.each<[string, number, number]>([
    ['an empty repository', 0, 256],
    ['few artifacts, whose bins cost next to nothing', 20, 256],
    ['a hundred thousand artifacts in 256 bins', 100_000, 256],
    ['a million artifacts in 1,024 bins', 1_000_000, 1_024],
    ['a million artifacts in 16,384 bins, which suit clients that compress', 1_000_000, 16_384],
    ['targets with five hundred artifacts', 500, 0],
  ])('is none for %s', (_, artifacts, bins) => {
    expect(binsAdvice(listed(artifacts, bins))).toBeNull();
  });

  test.each([
    ['a million artifacts in 256 bins', 1_000_000, 256, 'bins-few', '2,048 bins'],
    ['targets with ten thousand artifacts', 10_000, 0, 'bins-few', '256 bins'],
    ['a thousand artifacts in 16,384 bins', 1_000, 16_384, 'bins-excessive', '64 bins'],
  ])('is given for %s', (_, artifacts, bins, code, instead) => {
    const advice = binsAdvice(listed(artifacts, bins));
    expect(advice?.code).toBe(code);
    expect(advice?.detail).toContain(instead);
  });

  test('says what a client downloads now, and would', () => {
    expect(binsAdvice(listed(1_000_000, 128))?.detail).toBe(
      'a client downloads 1,333 kB to look up one artifact; with 2,048 bins it would be 149 kB',
    );
  });
});
