import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '../tuf/steps.js';

/** Milliseconds that a long computation keeps the event loop, before requests and timers get their turn. */
const TURN_MS = 20;

/** Has a long computation give way now and then. */
export class Turns {
  private until = performance.now() + TURN_MS;

  get isOver(): boolean {
    return performance.now() >= this.until;
  }

  async giveWay(): Promise<void> {
    await nextTurn();
    this.until = performance.now() + TURN_MS;
  }
}

/** Runs a computation step by step to its end. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  const turns = new Turns();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (turns.isOver) await turns.giveWay();
  }
}

/** Work that is under way at once: enough for threads and key vaults, and not all of 16,384 bins, which take memory meanwhile. */
const AT_ONCE = 256;

/** Starts work on one after the other, giving way now and then. @returns all results, in order. */
export async function eachInTurns<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const turns = new Turns();
  const results: Promise<Result>[] = [];
  for (const item of items) {
    await results.at(-AT_ONCE);
    const result = Promise.resolve(work(item));
    result.catch(() => undefined); // it may fail before it is waited for, below
    results.push(result);
    if (turns.isOver) await turns.giveWay();
  }
  return Promise.all(results);
}
