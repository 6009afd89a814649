/** A request that was turned away; everything but who it is is null where many are counted as one. */
export interface RefusedAttempt {
  /** Null where nobody proved who they are. */
  readonly principal: string | null;
  readonly credential: string | null;
  readonly address: string | null;
  readonly method: string | null;
  readonly route: string | null;
  readonly repository: string | null;
  readonly status: number | null;
  readonly code: string | null;
}

export interface CountedAttempts {
  readonly attempt: RefusedAttempt;
  readonly attempts: number;
  readonly first: Date;
  readonly last: Date;
}

const WINDOW_MS = 60_000;
/** So many kinds of attempts are told apart in a window; a kind costs two entries at most, its first and its repetitions. */
const KINDS_OF_A_PRINCIPAL = 100;
const KINDS_OF_NOBODY = 20;

/**
 * Keeps a flood of refused requests from growing the audit log without bound. The first attempt of a kind is told at
 * once and its repetitions, as a number, when the minute is over; kinds beyond the bound are counted together.
 */
export class RefusedAttempts {
  private windowEnds = 0;
  private untold: CountedAttempts[] = [];
  private readonly repetitions = new Map<string, CountedAttempts | null>();
  private readonly kinds = new Map<string | null, number>();

  note(attempt: RefusedAttempt, now: Date): void {
    if (now.getTime() >= this.windowEnds) this.startWindow(now);
    const counted = this.isToldApart(attempt) ? attempt : summed(attempt);
    const kind = kindOf(counted);
    const before = this.repetitions.get(kind);
    if (before === undefined) {
      this.untold.push({ attempt: counted, attempts: 1, first: now, last: now });
      this.repetitions.set(kind, null);
    } else {
      const { attempts = 0, first = now } = before ?? {};
      this.repetitions.set(kind, { attempt: counted, attempts: attempts + 1, first, last: now });
    }
  }

  /** What is to be told now. */
  take(now: Date): CountedAttempts[] {
    if (now.getTime() >= this.windowEnds) this.startWindow(now);
    return this.untold.splice(0);
  }

  /** Everything, also of the minute that is not over. */
  takeAll(): CountedAttempts[] {
    this.endWindow();
    return this.untold.splice(0);
  }

  private isToldApart(attempt: RefusedAttempt): boolean {
    if (this.repetitions.has(kindOf(attempt))) return true;
    const { credential } = attempt;
    const kinds = this.kinds.get(credential) ?? 0;
    if (kinds >= (credential === null ? KINDS_OF_NOBODY : KINDS_OF_A_PRINCIPAL)) return false;
    this.kinds.set(credential, kinds + 1);
    return true;
  }

  private startWindow(now: Date): void {
    this.endWindow();
    this.windowEnds = now.getTime() + WINDOW_MS;
  }

  private endWindow(): void {
    this.untold.push(...[...this.repetitions.values()].filter((repeated) => repeated !== null));
    this.repetitions.clear();
    this.kinds.clear();
  }
}

function summed({ principal, credential }: RefusedAttempt): RefusedAttempt {
  return {
    principal,
    credential,
    address: null,
    method: null,
    route: null,
    repository: null,
    status: null,
    code: null,
  };
}

function kindOf({ principal, credential, address, method, route, repository, status, code }: RefusedAttempt): string {
  return JSON.stringify([principal, credential, address, method, route, repository, status, code]);
}
