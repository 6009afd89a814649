import { RoomForChanges } from './room-for-changes.js';

const MIB = 1_048_576;
/** In which 10 MiB of changes find room. */
const HEAP = (256 + 36 * 10) * MIB;

async function roomIn(heapMib: number, artifacts: number): Promise<number> {
  return new RoomForChanges(heapMib * MIB).during(artifacts, async ({ bytes }) => Math.floor(bytes / MIB));
}

describe('The room for changes', () => {
  test.each([
    ['4 GiB for 1,000,000 artifacts', 4_096, 1_000_000, 85],
    ['2 GiB for 1,000,000 artifacts', 2_048, 1_000_000, 28],
    ['1 GiB for 1,000,000 artifacts: never less than a few thousand artifacts', 1_024, 1_000_000, 1],
    ['512 MiB for none', 512, 0, 7],
    ['any size: never more than takes seconds', 100_000, 0, 96],
  ])('depends on the heap and on what is listed: %s', async (_, heapMib, artifacts, mib) => {
    expect(await roomIn(heapMib, artifacts)).toBe(mib);
  });

  test('is taken by one revision, until that knows what it needs; then the next finds the rest', async () => {
    const room = new RoomForChanges(HEAP);
    await room.during(0, async (first) => {
      expect(first.bytes).toBe(10 * MIB);
      await room.during(0, async (early) => expect(early.bytes).toBe(MIB));
      first.keep(4 * MIB);
      await room.during(0, async (second) => expect(second.bytes).toBe(6 * MIB));
    });
    await room.during(0, async (later) => expect(later.bytes).toBe(10 * MIB));
  });

  test('is there again after a revision that failed', async () => {
    const room = new RoomForChanges(HEAP);
    await expect(room.during(0, () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    await room.during(0, async (next) => expect(next.bytes).toBe(10 * MIB));
  });
});
