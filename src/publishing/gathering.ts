import { Patience } from '../patience.js';

/**
 * Whom a revision answers may ask again within a moment, all of them: the next one waits for as many, so that it is one
 * revision for all and not one for the first and another for the rest.
 */
const MS_PER_CHANGE = 0.4;
const MAXIMUM_MS = 25;

/** Counts the changes that come in after a revision of so many. */
export class Gathering {
  private counted = 0;
  private readonly patience = new Patience();

  constructor(private readonly expected: number) {}

  count(changes: number): void {
    this.counted += changes;
    if (this.isComplete) this.patience.enough();
  }

  /** Resolves when as many have come in, or would have by now. Who publishes one change after the other is not kept waiting. */
  async completed(): Promise<void> {
    if (this.expected < 2 || this.isComplete) return;
    await this.patience.wait(Math.min(this.expected * MS_PER_CHANGE, MAXIMUM_MS));
  }

  private get isComplete(): boolean {
    return this.counted >= this.expected;
  }
}
