import { SingleBar } from 'cli-progress';

const WORTH_SHOWING_AFTER_MS = 400;

/** A bar on stderr for work that takes a while; silent where stderr is no terminal. */
export class Progress {
  private readonly bar: SingleBar | null;
  private readonly began = performance.now();
  private done = 0;
  private isShown = false;

  constructor(
    what: string,
    private readonly total: number,
    isTerminal = process.stderr.isTTY === true,
  ) {
    const options = {
      format: `${what} [{bar}] {percentage}%, {eta_formatted} left`,
      stream: process.stderr,
      clearOnComplete: true,
    };
    this.bar = isTerminal && total > 0 ? new SingleBar({ ...options, hideCursor: true }) : null;
  }

  advance(amount: number): void {
    this.done += amount;
    if (!this.bar) return;
    if (this.isShown) {
      this.bar.update(this.done);
    } else if (performance.now() - this.began > WORTH_SHOWING_AFTER_MS) {
      this.isShown = true;
      this.bar.start(this.total, this.done);
    }
  }

  stop(): void {
    if (this.isShown) this.bar?.stop();
  }
}
