import { Clock } from '../../src/clock.js';

/** A clock that runs, and jumps where a test wants it. */
export class MovableClock extends Clock {
  private ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  advance(seconds: number): void {
    this.ahead += seconds * 1_000;
  }
}
