import { LRUCache } from 'lru-cache';
import { isDatabaseUnavailable } from '../database/database-error.js';

/** How long clients wait for the database before they get what it said last. */
const PATIENCE_MS = 1_000;
/** How long then nobody waits. The next one asks again, for the question may have gone to a connection that is dead. */
const SILENCE_MS = 1_000;
const MAXIMUM = 10_000;

/**
 * What the database said last. While it is away or does not answer, that is better than nothing: what was served last
 * is still signed and, for hours, valid.
 */
export class LastKnown<Found> {
  private readonly known = new LRUCache<string, { readonly found: Found; readonly question: number }>({ max: MAXIMUM });
  /** Until when nobody asks what was not answered in time. */
  private readonly silence = new LRUCache<string, true>({ max: MAXIMUM, ttl: SILENCE_MS });
  private questions = 0;

  constructor(private readonly isWorthKnowing: (found: Found) => boolean) {}

  /** What was found last, without asking. */
  of(name: string): Found | undefined {
    return this.known.get(name)?.found;
  }

  /** Asks, and falls back on the last answer, where there is one. */
  async orAsked(name: string, ask: () => Promise<Found>): Promise<Found> {
    const last = this.known.get(name);
    if (!last) return this.asked(name, ask);
    if (this.silence.has(name)) return last.found;
    try {
      const answer = await inTime(this.asked(name, ask));
      if (!answer) this.silence.set(name, true);
      return (answer ?? last).found;
    } catch (error) {
      if (isDatabaseUnavailable(error)) return last.found;
      throw error;
    }
  }

  private async asked(name: string, ask: () => Promise<Found>): Promise<Found> {
    this.questions += 1;
    const question = this.questions;
    const found = await ask();
    this.keep(name, found, question);
    return found;
  }

  // An answer that comes late must not take the place of one to a later question.
  private keep(name: string, found: Found, question: number): void {
    if ((this.known.get(name)?.question ?? 0) > question) return;
    if (this.isWorthKnowing(found)) this.known.set(name, { found, question });
    else this.known.delete(name);
  }
}

/** Null where there is none in time. */
async function inTime<T>(answer: Promise<T>): Promise<{ readonly found: T } | null> {
  let silence: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => {
    silence = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    return await Promise.race([answer.then((found) => ({ found })), patience]);
  } finally {
    clearTimeout(silence);
  }
}
