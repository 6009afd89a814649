import type { Root } from '../../tuf/metadata.js';
import { DEFAULT_ROOT_EXPIRY_DAYS } from '../ceremony/ceremony-terms.js';
import { rootExpiry } from '../ceremony/first-root.js';

/** So many days from now; unless given a year, but never less than the root in force has left. */
export function nextRootExpiry({ expires }: Root, days: number | undefined, now: Date): string {
  if (days !== undefined) return rootExpiry(now, days);
  const inAYear = rootExpiry(now, DEFAULT_ROOT_EXPIRY_DAYS);
  return new Date(expires) > new Date(inAYear) ? expires : inAYear;
}
