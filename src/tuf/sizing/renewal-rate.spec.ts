import { createHash } from 'node:crypto';
import { renewalDate, spreadExpiryAfter } from '../expiry.js';
import { parseSettings } from '../settings.js';
import { NOW } from '../testing/roots.js';
import { binRenewalsPerDay, renewalsPerDay } from './renewal-rate.js';

const { lifetimes } = parseSettings({});
const DAY_MS = 86_400_000;
const DAYS = 730;

/** Moments at which a role changes anyway: random, but the same at every run. */
function changes(role: string, perDay: number): Date[] {
  const moments: Date[] = [];
  if (perDay === 0) return moments;
  let at = NOW.getTime();
  for (let count = 0; at < NOW.getTime() + DAYS * DAY_MS; count += 1) {
    const seed = createHash('sha256').update(`${role} ${count}`).digest().readUInt32BE(0);
    at += (-Math.log((seed + 1) / 2 ** 32) / perDay) * DAY_MS;
    moments.push(new Date(at));
  }
  return moments;
}

/** Two years of one bin, signed again when it falls due, as the service does it. */
function renewals(role: string, perDay: number): number {
  const end = new Date(NOW.getTime() + DAYS * DAY_MS);
  const [...ahead] = changes(role, perDay);
  let signedAt = NOW;
  let count = 0;
  for (let version = 1; ; version += 1) {
    const due = renewalDate(spreadExpiryAfter(signedAt, lifetimes.bins, `${role} ${version}`), lifetimes.bins);
    const change = ahead[0];
    if (change && change < due) {
      signedAt = change;
      ahead.shift();
    } else {
      signedAt = due;
      if (due < end) count += 1;
    }
    if (signedAt >= end) return count;
  }
}

describe('how often bins are renewed', () => {
  test.each([0, 0.02, 0.05, 0.1])('is what the service comes to when each changes %d times a day', (perDay) => {
    const bins = Array.from({ length: 600 }, (_, bin) => `bins-${bin.toString(16).padStart(3, '0')}`);
    const counted = bins.reduce((sum, bin) => sum + renewals(bin, perDay), 0) / bins.length / DAYS;
    const reckoned = binRenewalsPerDay(lifetimes.bins, perDay);
    expect(Math.abs(reckoned - counted) / counted).toBeLessThan(0.03);
  });

  test('is never, where each changes all the time', () => {
    expect(binRenewalsPerDay(lifetimes.bins, 1_000)).toBe(0);
  });
});

test('a role that nothing changes is renewed when its renewal window begins', () => {
  expect(renewalsPerDay(lifetimes.timestamp, 0)).toBeCloseTo(1 / 0.75);
  expect(renewalsPerDay(lifetimes.snapshot, 0)).toBeCloseTo(1 / 5.25);
});
