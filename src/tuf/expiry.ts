import { hash } from 'node:crypto';
import { TufError } from './errors.js';
import { malformed, readString } from './fields.js';

const EXPIRY = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** `YYYY-MM-DDTHH:MM:SSZ`, fractions cut off (specification 4.2.1). */
export function formatExpiry(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

export function parseExpiry(value: unknown, field: string): string {
  const text = readString(value, field);
  const moment = new Date(text);
  if (!EXPIRY.test(text) || Number.isNaN(moment.getTime()) || formatExpiry(moment) !== text) {
    throw malformed(field, 'must be a date of the form YYYY-MM-DDTHH:MM:SSZ');
  }
  return text;
}

export function isExpired(signed: { readonly expires: string }, now: Date): boolean {
  return new Date(signed.expires) <= now;
}

/** @throws TufError `metadata-expired` or `metadata-expiry-absurd` (more than `maximumYears` ahead). */
export function assertSensibleExpiry(expires: string, now: Date, maximumYears: number, field: string): void {
  const moment = new Date(expires);
  if (moment <= now) throw new TufError('metadata-expired', `${field} ${expires} is in the past`, field);
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + maximumYears);
  if (moment > latest) {
    throw new TufError('metadata-expiry-absurd', `${field} ${expires} is over ${maximumYears} years ahead`, field);
  }
}

export interface Lifetime {
  /** Seconds from signing to expiry. */
  readonly expiry: number;
  /** Seconds before expiry from which a role is due for signing. */
  readonly renewalWindow: number;
}

export function expiryAfter(now: Date, lifetime: Lifetime): string {
  return formatExpiry(new Date(now.getTime() + lifetime.expiry * 1_000));
}

/**
 * Like {@link expiryAfter}, shortened by up to half of the time before the renewal window, so that bins signed at one
 * moment do not all fall due at one moment. `spreadBy` decides by how much, always the same for the same text.
 */
export function spreadExpiryAfter(now: Date, lifetime: Lifetime, spreadBy: string): string {
  const fraction = hash('sha256', spreadBy, 'buffer').readUInt32BE(0) / 2 ** 32;
  return expiryAfter(now, { ...lifetime, expiry: lifetime.expiry - Math.floor(widestSpread(lifetime) * fraction) });
}

/** By how many seconds {@link spreadExpiryAfter} shortens an expiry at most. */
export function widestSpread({ expiry, renewalWindow }: Lifetime): number {
  return (expiry - renewalWindow) / 2;
}

/** The moment from which a role with this expiry is due for signing. */
export function renewalDate(expires: string, lifetime: Lifetime): Date {
  return new Date(new Date(expires).getTime() - lifetime.renewalWindow * 1_000);
}
