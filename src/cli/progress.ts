import { SingleBar } from 'cli-progress';

const WORTH_SHOWING_AFTER_SECONDS = 0.4;
/** From how many of the last steps the remaining time is told. */
const ETA_UPDATES = 100;

/** A bar on stderr for work that takes a while; silent where stderr is no terminal. */
export class Progress {
  private readonly bar: SingleBar | null;
  private readonly began = performance.now();
  private done = 0;
  private isShown = false;

  /**
   * @param total null where nobody knows it beforehand: then only the rate is shown
   * @param describeRate what is done in a second, in words
   */
  constructor(
    what: string,
    private readonly total: number | null,
    private readonly describeRate: ((perSecond: number) => string) | null = null,
    isTerminal = process.stderr.isTTY === true,
  ) {
    const rate = describeRate ? ', {rate}' : '';
    const format = total === null ? `${what}${rate}` : `${what} [{bar}] {percentage}%${rate}, {eta_formatted} left`;
    const options = { format, stream: process.stderr, clearOnComplete: true, hideCursor: true, etaBuffer: ETA_UPDATES };
    this.bar = isTerminal && total !== 0 ? new SingleBar(options) : null;
  }

  advance(amount: number): void {
    this.done += amount;
    if (!this.bar) return;
    const seconds = (performance.now() - this.began) / 1_000;
    const rate = this.describeRate?.(this.done / seconds);
    if (this.isShown) {
      this.bar.update(this.done, { rate });
    } else if (seconds > WORTH_SHOWING_AFTER_SECONDS) {
      this.isShown = true;
      this.bar.start(this.total ?? Number.MAX_SAFE_INTEGER, this.done, { rate });
    }
  }

  stop(): void {
    if (this.isShown) this.bar?.stop();
  }
}
