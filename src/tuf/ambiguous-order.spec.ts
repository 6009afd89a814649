import fc from 'fast-check';
import { ambiguousPairs } from './ambiguous-order.js';

describe('ambiguous order', () => {
  test.each([
    ['nothing', []],
    ['one name', ['a']],
    ['plain names', ['b', 'a', 'c/d']],
    ['a name and a longer one that goes on with a letter', ['a', 'ab', 'a.b', 'a/b']],
    ['characters beyond the BMP among themselves', ['\u{1f511}', '\u{20000}']],
    ['characters beyond the BMP and letters', ['\u{1f511}', 'é', 'z']],
  ])('there is none in %s', (_name, names) => {
    expect(ambiguousPairs(names)).toEqual([]);
  });

  test.each([
    ['U+FFEE and U+1F511, which tuf-js sorts by UTF-16 unit', ['\u{1f511}', '\uffee'], [['\uffee', '\u{1f511}']]],
    ['"a" and "a b", which tough sorts with the closing quote', ['a b', 'a'], [['a', 'a b']]],
    ['"a" and "a!", which tough sorts with the closing quote', ['a', 'a!'], [['a', 'a!']]],
    ['a quote and a letter, which tough sorts escaped', ['a"', 'aA'], [['a"', 'aA']]],
  ])('obligation 2: %s are named in code point order', (_name, names, pairs) => {
    expect(ambiguousPairs(names)).toEqual(pairs);
  });

  test('where there is none, sorting by code point, by UTF-16 unit and as written agree', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '!', '"', '#', '\uffee', '\u{1f511}'),
      maxLength: 3,
    });
    const written = (text: string) => `${text.replace(/["\\]/g, '\\$&')}"`;
    const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), (names) => {
        const byCodePoint = [...names].sort(byBytes);
        const asWritten = [...names].sort((left, right) => byBytes(written(left), written(right)));
        const agree = `${byCodePoint}` === `${asWritten}` && `${byCodePoint}` === `${[...names].sort()}`;
        expect(ambiguousPairs(names).length === 0).toBe(agree);
      }),
      { numRuns: 1_000 },
    );
  });
});
