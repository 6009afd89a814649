import { parseTimeSpan } from './time-span.js';

test.each<[string, number | null]>([
  ['90s', 90],
  ['30m', 1_800],
  ['12h', 43_200],
  ['3d', 259_200],
  ['3650d', 315_360_000],
  ['3651d', null],
  ['0d', null],
  ['3', null],
  ['3w', null],
  ['-3d', null],
  ['1.5d', null],
  [' 3d', null],
  ['3d3d', null],
  ['', null],
  ['9999999999d', null],
])('the time span %j is %j seconds', (text, seconds) => {
  expect(parseTimeSpan(text)).toBe(seconds);
});
