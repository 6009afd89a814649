import fc from 'fast-check';
import {
  assertSensibleExpiry,
  expiryAfter,
  formatExpiry,
  isExpired,
  parseExpiry,
  renewalDate,
  spreadExpiryAfter,
} from './expiry.js';
import { refusal, refusalOf } from './testing/refusals.js';
import { NOW, secondsAfter } from './testing/roots.js';

const DAY = 86_400;
const MONTH = { expiry: 30 * DAY, renewalWindow: 7 * DAY };

describe('expiry', () => {
  test('obligation 6: is written without fractions, cut off and not rounded', () => {
    expect(formatExpiry(new Date('2026-03-01T12:00:00.999Z'))).toBe('2026-03-01T12:00:00Z');
  });

  test.each(['2026-03-01T12:00:00Z', '2024-02-29T23:59:59Z', '9999-12-31T23:59:59Z'])(
    'obligation 6: accepts %s',
    (text) => {
      expect(parseExpiry(text, 'expires')).toBe(text);
    },
  );

  test.each([
    ['fractions', '2026-03-01T12:00:00.000Z'],
    ['an offset', '2026-03-01T12:00:00+00:00'],
    ['no zone', '2026-03-01T12:00:00'],
    ['a lower-case z', '2026-03-01T12:00:00z'],
    ['a space for the T', '2026-03-01 12:00:00Z'],
    ['a date alone', '2026-03-01'],
    ['February 30', '2025-02-30T00:00:00Z'],
    ['February 29 of a common year', '2025-02-29T00:00:00Z'],
    ['month 13', '2025-13-01T00:00:00Z'],
    ['hour 24', '2025-01-01T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['a year of five digits', '+12026-03-01T12:00:00Z'],
    ['a trailing newline', '2026-03-01T12:00:00Z\n'],
    ['digits of another script', '２026-03-01T12:00:00Z'],
    ['a number', 1_772_366_400],
    ['nothing', ''],
    ['null', null],
    ['no value', undefined],
  ])('obligation 6: refuses %s', (_name, value) => {
    expect(refusal(() => parseExpiry(value, 'expires'))).toMatchObject({
      code: 'metadata-malformed',
      field: 'expires',
    });
  });

  test.each([
    ['a second before', 1, false],
    ['at', 0, true],
    ['a second after', -1, true],
  ])('%s the moment of expiry, expired is as a client sees it', (_name, seconds, expired) => {
    expect(isExpired({ expires: formatExpiry(secondsAfter(NOW, seconds)) }, NOW)).toBe(expired);
  });

  test.each([
    ['in the past', '2026-03-01T11:59:59Z', 'metadata-expired'],
    ['right now', '2026-03-01T12:00:00Z', 'metadata-expired'],
    ['a second ahead', '2026-03-01T12:00:01Z', 'accepted'],
    ['20 years ahead to the second', '2046-03-01T12:00:00Z', 'accepted'],
    ['a second more than 20 years ahead', '2046-03-01T12:00:01Z', 'metadata-expiry-absurd'],
    ['at the end of time', '9999-12-31T23:59:59Z', 'metadata-expiry-absurd'],
  ])('an expiry %s is judged sensible or not', (_name, expires, judged) => {
    expect(refusalOf(() => assertSensibleExpiry(expires, NOW, 20, 'expires'))).toBe(judged);
  });

  test('obligation 17: a role falls due one renewal window before it expires', () => {
    const expires = expiryAfter(NOW, MONTH);
    expect(expires).toBe('2026-03-31T12:00:00Z');
    expect(renewalDate(expires, MONTH)).toEqual(new Date('2026-03-24T12:00:00Z'));
  });
});

describe('spread expiry', () => {
  const secondsLeft = (spreadBy: string, lifetime = MONTH) =>
    (new Date(spreadExpiryAfter(NOW, lifetime, spreadBy)).getTime() - NOW.getTime()) / 1_000;

  test('is the same for the same text', () => {
    expect(secondsLeft('bins-0 1')).toBe(secondsLeft('bins-0 1'));
    expect(secondsLeft('bins-0 1')).not.toBe(secondsLeft('bins-1 1'));
    expect(secondsLeft('bins-0 1')).not.toBe(secondsLeft('bins-0 2'));
  });

  test('obligation 17: never outlives the expiry, and keeps half of the time before the renewal window', () => {
    const lifetimes = fc
      .record({ expiry: fc.integer({ min: 10, max: 3_650 * DAY }), window: fc.integer({ min: 3, max: 3_650 * DAY }) })
      .filter(({ expiry, window }) => window < expiry)
      .map(({ expiry, window }) => ({ expiry, renewalWindow: window }));
    fc.assert(
      fc.property(lifetimes, fc.string(), (lifetime, spreadBy) => {
        const left = secondsLeft(spreadBy, lifetime);
        expect(left).toBeLessThanOrEqual(lifetime.expiry);
        expect(left - lifetime.renewalWindow).toBeGreaterThanOrEqual((lifetime.expiry - lifetime.renewalWindow) / 2);
      }),
      { numRuns: 500 },
    );
  });

  test('spreads bins signed at one moment evenly over the days in which they fall due', () => {
    const earliest = MONTH.expiry - (MONTH.expiry - MONTH.renewalWindow) / 2;
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let bin = 0; bin < 16_384; bin += 1) {
      const tenth = Math.floor(((secondsLeft(`bins-${bin} 1`) - earliest) / (MONTH.expiry - earliest)) * 9.999);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    for (const bins of tenths) expect(Math.abs(bins - 1_638)).toBeLessThan(200); // five standard deviations
  });
});
