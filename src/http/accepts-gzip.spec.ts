import { acceptsGzip } from './accepts-gzip.js';

test.each([
  [undefined, false],
  ['', false],
  ['br', false],
  ['gzip', true],
  ['br, GZIP;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000, br', false],
  ['x-gzip', true],
  ['gzipped', false],
])('Accept-Encoding %j accepts gzip: %j', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
