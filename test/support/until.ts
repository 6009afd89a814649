import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again. @throws Error where it is not so within so many milliseconds. */
export async function until(condition: () => Promise<boolean>, milliseconds = 30_000): Promise<void> {
  for (const deadline = Date.now() + milliseconds; !(await condition()); await pause(100)) {
    if (Date.now() > deadline) throw new Error(`not so within ${milliseconds / 1_000} s`);
  }
}
