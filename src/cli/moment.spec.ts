import { describeMoment, describeSeconds, relativeTime } from './moment.js';

const now = new Date('2026-01-01T12:00:00Z');

describe('a moment', () => {
  test.each([
    ['2026-01-04T12:00:00Z', 'in 3 days'],
    ['2026-01-02T12:00:00Z', 'in 1 day'],
    ['2026-01-02T11:00:00Z', 'in 23 hours'],
    ['2026-01-01T11:55:00Z', '5 minutes ago'],
    ['2026-01-01T12:00:00Z', 'now'],
    ['2027-01-01T12:00:00Z', 'in 1 year'],
  ])('%s is %s', (moment, words) => {
    expect(relativeTime(new Date(moment), now)).toBe(words);
  });

  test('is told absolutely and relatively', () => {
    expect(describeMoment('2026-01-04T12:00:00Z', now)).toBe('2026-01-04 12:00 UTC (in 3 days)');
  });
});

describe('a number of seconds', () => {
  test.each([
    [90, '90 seconds'],
    [21_600, '6 hours'],
    [151_200, '42 hours'],
    [604_800, '7 days'],
    [3 * 31_536_000, '3 years'],
  ])('%i is %s', (seconds, words) => {
    expect(describeSeconds(seconds)).toBe(words);
  });
});
