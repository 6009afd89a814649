import fc from 'fast-check';
import { literalPrefix, matchPathPattern, type PathPattern, parsePathPattern } from './path-pattern.js';
import { refusal } from './testing/refusals.js';

const match = (pattern: string, path: string) => matchPathPattern(parsePathPattern(pattern, 'paths'), path);

describe('a path pattern', () => {
  test.each([
    ['literal text', 'a/b.txt', 'a/b.txt', 'matches'],
    ['other text', 'a/b.txt', 'a/b.tx', 'differs'],
    ['* for a whole segment', 'a/*', 'a/b.txt', 'matches'],
    ['* for no text', 'a*/b', 'a/b', 'matches'],
    ['* not across "/"', 'a/*', 'a/b/c', 'differs'],
    ['* not for a missing segment', 'a/*', 'a', 'differs'],
    ['several *', '*-*.tar.*', 'app-1.0.tar.gz', 'matches'],
    ['* that has to go back', '*ab', 'aab-ab', 'matches'],
    ['? for one character', 'v?', 'v1', 'matches'],
    ['? for no character', 'v?', 'v', 'differs'],
    ['? not for "/"', 'a?b', 'a/b', 'differs'],
    ['case', 'A/*', 'a/b', 'differs'],
    ['* for letters beyond ASCII', 'a/*', 'a/größe\u{1f511}', 'matches'],
    ['? for a letter beyond ASCII', 'gr??e', 'größe', 'contested'],
    ['? where the rest differs anyhow', 'x?', 'größe', 'differs'],
    ['* for a dot file', '*', '.hidden', 'contested'],
    ['* behind a literal dot', '.*', '.hidden', 'matches'],
    ['a dot file in a folder of another name', 'a/*', 'b/.hidden', 'differs'],
    ['a dot within', '*.txt', 'a.txt', 'matches'],
    ['"." as itself', 'a.c', 'abc', 'differs'],
    ['"+" as itself', 'a+/b', 'aa/b', 'differs'],
  ] as const)('takes %s: %s for %s %s', (_name, pattern, path, expected) => {
    expect(match(pattern, path)).toBe(expected);
  });

  test.each([
    ['a set', '[ab]/x'],
    ['braces', '{a,b}/x'],
    ['an extended glob', '+(a)/x'],
    ['a backslash', 'a\\*'],
    ['**', 'a/**'],
    ['a leading "!"', '!a/x'],
    ['"!" at the start of a segment', 'a/!x'],
    ['a leading "/"', '/a/*'],
    ['a trailing "/"', 'a/'],
    ['an empty segment', 'a//b'],
    ['..', '../*'],
    ['nothing', ''],
    ['no text', 7],
    ['a control character', 'a\u0000'],
    ['what is no normal form C', 'e\u0301/*'],
  ])('with %s is refused: clients would read it differently', (_name, pattern) => {
    expect(refusal(() => parsePathPattern(pattern, 'paths[0]'))).toMatchObject({
      code: 'path-pattern-invalid',
      field: 'paths[0]',
      message: expect.stringMatching(/^paths\[0\] must/),
    });
  });

  test('says what every path that matches starts with', () => {
    expect(['a/b*', '*', 'a/?', 'a/b'].map((pattern) => literalPrefix(pattern as PathPattern))).toEqual([
      'a/b',
      '',
      'a/',
      'a/b',
    ]);
  });

  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 8 });
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), minLength: 1, maxLength: 8 });

  test('matches as the regular expression that says the same', () => {
    fc.assert(
      fc.property(glob, text, (pattern, path) => {
        const expression = pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
        const expected = new RegExp(`^${expression}$`).test(path) ? 'matches' : 'differs';
        expect(matchPathPattern(pattern as PathPattern, path)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is matched in no time, however it is made', () => {
    expect(match(`${'*a'.repeat(400)}b`, 'a'.repeat(1_000))).toBe('differs');
  });
});
