import { type DurationDto, secondsOf } from '../http/duration.dto.js';
import { ProblemError } from '../http/problem.js';
import { forbidden } from '../http/refused.js';

export const DEFAULT_VALID_DAYS = 90;
export const MAXIMUM_VALID_DAYS = 3_650;
const DAY_SECONDS = 86_400;

interface GivenValidity {
  readonly expiresIn?: DurationDto;
  readonly permanent?: boolean;
}

/**
 * Until when something is valid that is made now; null for always.
 * @param latest until when who makes it may act, null for always. Nothing outlives that.
 */
export function expiryOf(given: GivenValidity, now: Date, latest: Date | null): Date | null {
  const wanted = wantedExpiry(given, now);
  if (latest === null || (wanted !== null && wanted <= latest)) return wanted;
  if (given.expiresIn === undefined && given.permanent !== true) return latest;
  throw forbidden('rights-exceeded', `you cannot give away what you do not have: access after ${latest.toISOString()}`);
}

function wantedExpiry({ expiresIn, permanent = false }: GivenValidity, now: Date): Date | null {
  if (permanent && expiresIn !== undefined) throw invalid('permanent', 'must not stand beside expiresIn');
  if (permanent) return null;
  const seconds = expiresIn === undefined ? DEFAULT_VALID_DAYS * DAY_SECONDS : secondsOf(expiresIn, 'expiresIn');
  if (seconds <= MAXIMUM_VALID_DAYS * DAY_SECONDS) return new Date(now.getTime() + seconds * 1_000);
  throw invalid('expiresIn', `must not exceed ${MAXIMUM_VALID_DAYS} days`);
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
