import type { Outcome } from '../tuf/change.js';

/** What a revision made of a task, as the process that published it knows without looking. */
export interface SettledTask {
  readonly id: string;
  readonly state: Outcome['state'];
  readonly outcome: Outcome;
  /** Its number, or null where there was nothing new for clients. */
  readonly revision: number | null;
  readonly settledAt: Date;
}
