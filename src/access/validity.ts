import { type DurationDto, secondsOf } from '../http/duration.dto.js';
import { ProblemError } from '../http/problem.js';
import { forbidden } from '../http/refused.js';

export const DEFAULT_VALID_DAYS = 90;
export const MAXIMUM_VALID_DAYS = 3_650;
const DAY_SECONDS = 86_400;

/** How long something is to be valid; nothing given means as long as its maker may act. */
export interface Validity {
  readonly expiresIn?: DurationDto;
  readonly permanent?: boolean;
}

/**
 * Until when something is valid that is made now; null for always.
 * @param latest until when who makes it may act, null for always. Nothing outlives that.
 */
export function expiryOf(wish: Validity, now: Date, latest: Date | null): Date | null {
  const wanted = wantedExpiry(wish, now);
  if (latest === null || (wanted !== null && wanted <= latest)) return wanted;
  if (wish.expiresIn === undefined && wish.permanent !== true) return latest;
  throw forbidden('rights-exceeded', `you cannot give away what you do not have: access after ${latest.toISOString()}`);
}

/** That of a token of which nothing is said: it ends by itself, with its maker's access at the latest. */
export function defaultExpiry(now: Date, latest: Date | null): Date {
  const usual = new Date(now.getTime() + DEFAULT_VALID_DAYS * DAY_SECONDS * 1_000);
  return latest !== null && latest < usual ? latest : usual;
}

function wantedExpiry({ expiresIn, permanent = false }: Validity, now: Date): Date | null {
  if (expiresIn === undefined) return null;
  if (permanent) throw invalid('permanent', 'must not stand beside expiresIn');
  const seconds = secondsOf(expiresIn, 'expiresIn');
  if (seconds <= MAXIMUM_VALID_DAYS * DAY_SECONDS) return new Date(now.getTime() + seconds * 1_000);
  throw invalid('expiresIn', `must not exceed ${MAXIMUM_VALID_DAYS} days`);
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
