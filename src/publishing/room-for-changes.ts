import { getHeapStatistics } from 'node:v8';

const MIB = 1_048_576;
/** Of the heap, for each byte that a change has as JSON, while its revision is made: 17, and as much for the collector. */
const HEAP_FOR_A_BYTE = 36;
/** Of the heap, for each artifact in the roles that a revision changes: their text as it was, as it will be, and as it is signed. */
const HEAP_FOR_AN_ARTIFACT = 800;
/** Of the heap, for what is young, and for all but revisions. */
const RESERVED = 256 * MIB;
/** Even where nothing is left: some thousand artifacts, which are in as many roles at most. */
const LEAST = MIB;
/** A revision should take seconds, not minutes. */
const MOST = 96 * MIB;

/**
 * What the changes of all revisions that are under way may take of the heap: all that waits may be more than fits in, and a
 * process that ended of it would find the same again after each start.
 */
export class RoomForChanges {
  /** Bytes of changes, as JSON. */
  private taken = 0;

  /** @param heap of this process at most, in bytes. */
  constructor(private readonly heap = getHeapStatistics().heap_size_limit) {}

  /**
   * @param artifacts that the repository lists: changes may be of roles that list all of them.
   * @param revision finds all that is left taken for it, until it knows how much it needs.
   */
  async during<T>(artifacts: number, revision: (place: Place) => Promise<T>): Promise<T> {
    const place = new Place(this.leftFor(artifacts), (bytes) => {
      this.taken += bytes;
    });
    try {
      return await revision(place);
    } finally {
      place.keep(0);
    }
  }

  private leftFor(artifacts: number): number {
    const heap = this.heap - RESERVED - artifacts * HEAP_FOR_AN_ARTIFACT;
    const bytes = Math.floor(heap / HEAP_FOR_A_BYTE) - this.taken;
    return Math.min(MOST, Math.max(LEAST, bytes));
  }
}

/** Of one revision. */
export class Place {
  private held = 0;

  constructor(
    /** Of changes, as JSON, that the revision may take. */
    readonly bytes: number,
    private readonly take: (bytes: number) => void,
  ) {
    this.keep(bytes);
  }

  keep(bytes: number): void {
    this.take(bytes - this.held);
    this.held = bytes;
  }
}
