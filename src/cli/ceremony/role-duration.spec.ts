import { InvalidArgumentError } from 'commander';
import { gatherRoleDurations, parseRoleDuration, secondsByRole } from './role-duration.js';

describe('a duration for a role', () => {
  test.each([
    ['days, when nothing is said', 'snapshot=7', ['snapshot', { days: 7 }]],
    ['days', 'bins=30d', ['bins', { days: 30 }]],
    ['seconds', 'timestamp=90s', ['timestamp', { seconds: 90 }]],
  ])('is in %s', (_name, text, expected) => {
    expect(parseRoleDuration(text)).toEqual(expected);
  });

  test.each([
    'timestamp',
    'timestamp=',
    'timestamp=0',
    'timestamp=-1',
    'timestamp=1.5',
    'timestamp=1h',
    'mirror=3',
    '=3',
  ])('refuses %s', (text) => {
    expect(() => parseRoleDuration(text)).toThrow(InvalidArgumentError);
  });

  test('points to the other flag for root', () => {
    expect(() => parseRoleDuration('root=365')).toThrow('--root-expiry-days');
  });

  test('is gathered over repeated flags, the last one for a role counting', () => {
    const first = gatherRoleDurations('snapshot=7', undefined);
    const second = gatherRoleDurations('timestamp=60s', first);
    expect(secondsByRole(gatherRoleDurations('snapshot=1', second))).toEqual({ snapshot: 86_400, timestamp: 60 });
  });
});
