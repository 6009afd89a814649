import { Patience } from '../patience.js';

/** How long who has asked waits for others who were there a moment ago, and may ask again. */
const PATIENCE_MS = 3;
/** How long those who were announced have for it, from then on. */
const MOMENT_MS = 15;

/**
 * Gathers what is asked while the database is busy with what was asked before, and asks that all at once: under load
 * many requests share one statement and one fsync, and who is alone waits for nobody.
 */
export class Gathered<Asked, Answer> {
  private readonly waiting: Request<Asked, Answer>[] = [];
  private isBusy = false;
  /** How many shared the last answer, or asked meanwhile: they are the same all the time, where clients ask again and again. */
  private present = 1;
  /** How many were announced and have not asked yet. */
  private announced = 0;
  /** When those have had their moment; as `performance.now()`. */
  private momentEnds = 0;
  private readonly patience = new Patience();

  /** @param answer one answer for each thing asked, in its order; where it fails, each is asked again alone. */
  constructor(
    private readonly maximum: number,
    private readonly answer: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  ) {}

  /** So many may ask within a moment, for another reason than that they share an answer of this. */
  expect(count: number): void {
    this.announced = count;
    this.momentEnds = performance.now() + MOMENT_MS;
  }

  /** What comes after this call cannot have been missed: nobody joins a question that was asked already. */
  ask(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, resolve, reject });
      if (!this.isBusy) void this.answerAll();
      else if (this.isComplete) this.patience.enough();
    });
  }

  private async answerAll(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      if (!this.isComplete) await this.patience.wait(this.momentLeft || PATIENCE_MS);
      const requests = this.waiting.splice(0, this.maximum);
      this.announced = Math.max(0, this.announced - requests.length);
      await this.answerTogether(requests);
      this.present = requests.length + this.waiting.length;
    }
    this.isBusy = false;
  }

  /** Whether nobody is waited for; who was alone, and announced with no others, waits for nobody. */
  private get isComplete(): boolean {
    const expected = this.momentLeft > 0 ? this.announced : this.present;
    return this.waiting.length >= Math.min(expected, this.maximum);
  }

  /** Milliseconds, for those who were announced. */
  private get momentLeft(): number {
    return this.announced > 0 ? Math.max(0, this.momentEnds - performance.now()) : 0;
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
