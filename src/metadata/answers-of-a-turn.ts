/**
 * Gives the answers to all requests that one turn of the event loop has read in one go, at its end. Given between the
 * reading of one request and the next, each of them wakes a reader on this machine, a proxy above all, that had just
 * fallen asleep: which takes longer than the answer.
 */
export class AnswersOfATurn {
  private waiting: (() => void)[] = [];

  /** @param answer must not throw. */
  add(answer: () => void): void {
    if (this.waiting.push(answer) === 1) setImmediate(() => this.giveAll());
  }

  private giveAll(): void {
    const answers = this.waiting;
    this.waiting = [];
    for (const answer of answers) answer();
  }
}
