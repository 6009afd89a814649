/** Entries of an import in one revision: the first guess, and bounds on what is made of it. */
const FIRST_SIZE = 4_000;
const SMALLEST_SIZE = 1_000;
const LARGEST_SIZE = 50_000;
/** How long a revision with a slice should take, so that a single change never waits long for one. */
const WANTED_MS = 200;
/** A slice that cannot be published is cut into this many. */
const CUTS = 10;

/** How large the slices of imports are, repository by repository: learnt from how long the last one took. */
export class ImportPace {
  private readonly sizes = new Map<number, number>();

  sizeFor(repositoryId: number): number {
    return this.sizes.get(repositoryId) ?? FIRST_SIZE;
  }

  /** A slice of this size was published in so much time. */
  published(repositoryId: number, size: number, milliseconds: number): void {
    const allowed = this.sizeFor(repositoryId);
    if (allowed < SMALLEST_SIZE) {
      this.sizes.set(repositoryId, allowed * 2); // after one that could not be published
    } else if (size >= allowed / 2) {
      const fitting = Math.round(size * bounded(WANTED_MS / milliseconds, 0.5, 2));
      this.sizes.set(repositoryId, bounded(fitting, SMALLEST_SIZE, LARGEST_SIZE));
    }
  }

  failed(repositoryId: number, size: number): void {
    this.sizes.set(repositoryId, Math.max(1, Math.ceil(size / CUTS)));
  }
}

function bounded(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
