import type pg from 'pg';
import { median } from '../figure.js';
import { cryptoLimits } from './crypto-limits.js';
import { databaseLimits } from './database-limits.js';

export type Step = keyof ReturnType<typeof cryptoLimits> | keyof Awaited<ReturnType<typeof databaseLimits>>;

/** What this machine does at the bare minimum. */
export class Limits {
  private constructor(readonly samples: Readonly<Record<Step, readonly number[]>>) {}

  static async measure(pool: pg.Pool): Promise<Limits> {
    return new Limits({ ...cryptoLimits(), ...(await databaseLimits(pool)) });
  }

  /** The median of its samples, in milliseconds. */
  of(step: Step): number {
    return median(this.samples[step]);
  }

  /** In milliseconds, one after the other. */
  sum(...steps: readonly Step[]): number {
    return steps.reduce((sum, step) => sum + this.of(step), 0);
  }
}
