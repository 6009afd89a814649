/** How long the first of those whom one answer reached together waits for the others to ask again. */
const PATIENCE_MS = 3;

/**
 * Gathers what is asked while the database is busy with what was asked before, and asks that all at once: under load
 * many requests share one statement and one fsync, and who is alone waits for nobody.
 */
export class Gathered<Asked, Answer> {
  private readonly waiting: Request<Asked, Answer>[] = [];
  private isBusy = false;
  /** How many shared the last answer. */
  private shared = 1;
  private whenComplete: (() => void) | null = null;

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
      else if (this.isComplete) this.whenComplete?.();
    });
  }

  private async answerAll(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      if (!this.isComplete) await this.completed();
      const requests = this.waiting.splice(0, this.maximum);
      this.shared = requests.length;
      await this.answerTogether(requests);
    }
    this.isBusy = false;
  }

  /** Whether as many ask as last time; who was alone then waits for nobody. */
  private get isComplete(): boolean {
    return this.waiting.length >= this.shared;
  }

  /** When that is so, or nobody has patience for it any more. */
  private async completed(): Promise<void> {
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MS);
      this.whenComplete = () => {
        clearTimeout(patience);
        resolve();
      };
    });
    this.whenComplete = null;
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
