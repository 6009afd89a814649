import { type Lifetime, widestSpread } from '../expiry.js';

const SECONDS_A_DAY = 86_400;
const NEGLIGIBLE = 1e-6;

/**
 * How often in a day a role is signed again only because it would expire. Whatever else changes it, `changesPerDay`
 * times at random moments, starts its lifetime anew: a role that changes all the time is never renewed.
 */
export function renewalsPerDay(lifetime: Lifetime, changesPerDay: number): number {
  const days = daysUntilRenewal(lifetime);
  return ratePerDay(days, days, changesPerDay);
}

/** As {@link renewalsPerDay}, of a bin: these are spread. */
export function binRenewalsPerDay(lifetime: Lifetime, changesPerDay: number): number {
  const longest = daysUntilRenewal(lifetime);
  return ratePerDay(longest - widestSpread(lifetime) / SECONDS_A_DAY, longest, changesPerDay);
}

/** The time until renewal is anything between the shortest and the longest, each as likely. */
function ratePerDay(shortest: number, longest: number, changesPerDay: number): number {
  if (changesPerDay * longest < NEGLIGIBLE) return 2 / (shortest + longest);
  const untouched = chanceOfNoChange(shortest, longest, changesPerDay);
  return (changesPerDay * untouched) / (1 - untouched);
}

/** That changes at random moments leave a role alone until its renewal. */
function chanceOfNoChange(shortest: number, longest: number, changesPerDay: number): number {
  if (longest === shortest) return Math.exp(-changesPerDay * longest);
  const difference = Math.exp(-changesPerDay * shortest) - Math.exp(-changesPerDay * longest);
  return difference / (changesPerDay * (longest - shortest));
}

function daysUntilRenewal({ expiry, renewalWindow }: Lifetime): number {
  return (expiry - renewalWindow) / SECONDS_A_DAY;
}
