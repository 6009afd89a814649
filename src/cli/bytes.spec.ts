import { describeBytes } from './bytes.js';

test.each([
  [0, '0 B'],
  [396, '396 B'],
  [999.4, '999 B'],
  [999.5, '1.00 kB'],
  [8_560, '8.56 kB'],
  [99_949, '99.9 kB'],
  [99_951, '100 kB'],
  [999_600, '1.00 MB'],
  [1_690_000_000_000, '1.69 TB'],
  [1e21, '1000 EB'],
])('%d bytes are %s', (bytes, text) => {
  expect(describeBytes(bytes)).toBe(text);
});
