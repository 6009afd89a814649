import type { RequestedChange } from './change.js';
import { leapOf } from './version-leap.js';

const resign = (beyond?: number): RequestedChange => ({
  id: String(beyond),
  change: { kind: 'resign', roles: [], ...(beyond !== undefined && { beyond }) },
});

test.each<[string, RequestedChange[], number]>([
  ['none without a renewal that says so', [resign()], 0],
  ['none where timestamp is that far already', [resign(7), resign(10)], 0],
  ['to the furthest that was asked for', [resign(12), resign(30), resign(11)], 20],
])('versions leap: %s', (_, changes, leap) => {
  expect(leapOf(changes, 10)).toBe(leap);
});
