const MINUTE = 60;
const HOUR = 3_600;

/** As Standard Webhooks proposes: some two and a half days in all. */
const PAUSES = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR] as const;
/** Spread, so that receivers that come back are not asked by everybody at one moment. */
const JITTER = 0.1;

/** How long to wait after so many attempts that failed, or null to give up. @param random from 0 to 1. */
export function pauseAfter(attempts: number, random: number): number | null {
  const seconds = PAUSES[attempts - 1];
  return seconds === undefined ? null : seconds * 1_000 * (1 + JITTER * random);
}
