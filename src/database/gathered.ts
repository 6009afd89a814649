import { setTimeout as delay } from 'node:timers/promises';

/** Whom one answer reaches together ask again within a moment; the first of them waits so long for the others. */
const PAUSE_MS = 3;

/**
 * Gathers what is asked while the database is busy with what was asked before, and asks that all at once: under load
 * many requests share one statement and one fsync, and who is alone waits for nobody.
 */
export class Gathered<Asked, Answer> {
  private readonly waiting: Request<Asked, Answer>[] = [];
  private isBusy = false;
  /** Whether the last question was that of several. */
  private wasShared = false;

  /** @param answer one answer for each thing asked, in its order; where it fails, each is asked again alone. */
  constructor(
    private readonly maximum: number,
    private readonly answer: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  ) {}

  /** What comes after this call cannot have been missed: nobody joins a question that was asked already. */
  ask(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, resolve, reject });
      if (!this.isBusy) void this.answerAll();
    });
  }

  private async answerAll(): Promise<void> {
    this.isBusy = true;
    if (this.wasShared) await delay(PAUSE_MS);
    while (this.waiting.length > 0) {
      const requests = this.waiting.splice(0, this.maximum);
      this.wasShared = requests.length > 1;
      await this.answerTogether(requests);
    }
    this.isBusy = false;
  }

  private async answerTogether(requests: readonly Request<Asked, Answer>[]): Promise<void> {
    try {
      const answers = await this.answer(requests.map(({ asked }) => asked));
      requests.forEach(({ resolve }, index) => void resolve(answers[index] as Answer));
    } catch (error) {
      if (requests.length === 1) requests[0]?.reject(error);
      else await Promise.all(requests.map((request) => this.answerTogether([request]))); // whose fault it was
    }
  }
}

interface Request<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
