import { crc32 } from 'node:zlib';
import { isMistyped, newAccessToken } from './access-token.js';

describe('a token', () => {
  test('is one that secret scanners recognise: a prefix, digits and letters, and a checksum of what stands before', () => {
    const tokens = Array.from({ length: 200 }, newAccessToken);
    expect(new Set(tokens).size).toBe(200);
    for (const token of tokens) {
      expect(token).toMatch(/^trs_[0-9A-Za-z]{49}$/);
      expect(decoded(token.slice(-6))).toBe(BigInt(crc32(token.slice(4, -6))));
      expect(isMistyped(token)).toBe(false);
    }
  });

  test('has 256 random bits', () => {
    const highest = Array.from({ length: 2_000 }, () => decoded(newAccessToken().slice(4, -6)));
    expect(highest.every((value) => value < 2n ** 256n)).toBe(true);
    for (const bit of [0n, 100n, 255n]) {
      const set = highest.filter((value) => (value >> bit) & 1n).length;
      expect(set).toBeGreaterThan(800);
      expect(set).toBeLessThan(1_200);
    }
  });

  test.each([4, 20, 46, 52])('with a typing error in place %i is known as such', (place) => {
    const token = newAccessToken();
    const other = token[place] === 'x' ? 'y' : 'x';
    expect(isMistyped(token.slice(0, place) + other + token.slice(place + 1))).toBe(true);
  });

  test.each(['x'.repeat(40), 'trs_short', `trs_${'-'.repeat(43)}`])(
    'of the operator’s choice is none of ours: %s',
    (own) => {
      expect(isMistyped(own)).toBe(false);
    },
  );
});

function decoded(base62: string): bigint {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...base62].reduce((value, digit) => value * 62n + BigInt(digits.indexOf(digit)), 0n);
}
