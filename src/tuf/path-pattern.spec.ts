import fc from 'fast-check';
import {
  literalPrefix,
  MAXIMUM_STARS_PER_SEGMENT,
  matchPathPattern,
  type PathPattern,
  parsePathPattern,
  toughMatches,
} from './path-pattern.js';
import { refusal, refusalOf } from './testing/refusals.js';

const pattern = (text: string) => parsePathPattern(text, 'pattern');

describe('the language of path patterns', () => {
  test.each([
    ['a path', 'dir/app-1.0.tar.gz'],
    ['everything in a folder', 'team/*'],
    ['everything at the top', '*'],
    ['a star inside a name', 'team/app-*.tgz'],
    ['stars in several segments', '*/*/*.tgz'],
    ['as many stars in a segment as clients stand', '*-*-*/*-*-*'],
    ['question marks', 'v?.?/????'],
    ['a star beside a question mark', '*?/?*'],
    ['hidden files', 'team/.*'],
    ['signs that clients take as they are', "a b+c@d=e,f;g!h~$&^'|<>.zip"],
    ['round brackets that follow a letter', 'app(1)'],
    ['letters beyond ASCII in normal form C', 'größe/*'],
  ])('takes %s', (_name, text) => {
    expect(parsePathPattern(text, 'pattern')).toBe(text);
  });

  test.each([
    ['a number', 1, 'must be a string'],
    ['nothing', '', 'must not be empty'],
    ['a leading slash', '/a', 'must not start with "/"'],
    ['a trailing slash', 'a/', 'must not end with "/"'],
    ['an empty segment', 'a//*', 'must not contain "//"'],
    ['a dot segment', './*', 'must not contain a "." segment'],
    ['a parent segment', '../*', 'must not contain ".."'],
    ['an escape', 'a\\*', 'must not contain a backslash'],
    ['a hash sign', '#a', 'must not contain "#" or "%"'],
    ['a percent sign', 'a%20*', 'must not contain "#" or "%"'],
    ['leading white space', ' *', 'must not start or end with white space'],
    ['a newline', 'a\n*', 'must not contain control characters'],
    ['letters in normal form D', 'e\u0301*', 'must be in Unicode normal form C'],
    ['a lone surrogate', '\ud800*', 'must be valid Unicode'],
    ['1,025 bytes', 'a'.repeat(1_025), 'must not exceed 1024 bytes of UTF-8'],
    ['two stars', 'a/**', 'must not contain "**"'],
    ['two stars inside a name', 'a**b', 'must not contain "**"'],
    ['a class', '[ab]', 'must not contain "[" or "]"'],
    ['a closing square bracket', 'a]', 'must not contain "[" or "]"'],
    ['alternatives', '{a,b}', 'must not contain "{" or "}"'],
    ['a closing brace', 'a}', 'must not contain "{" or "}"'],
    ['a negation', '!a', 'must not have a segment that starts with "!"'],
    ['a negation in a folder', 'a/!b', 'must not have a segment that starts with "!"'],
    ['an extended glob', '+(a|b)', 'must not contain "(" after "!", "?", "+", "*" or "@"'],
    ['a star before a round bracket', '*(1)', 'must not contain "(" after "!", "?", "+", "*" or "@"'],
    ['four stars in a segment', 'a/*a*a*a*', 'must not contain more than 3 "*" in a segment'],
  ])('refuses %s', (_name, value, reason) => {
    const refused = refusal(() => parsePathPattern(value, 'paths[0]'));
    expect(refused?.code).toBe('path-pattern-invalid');
    expect(refused?.message).toBe(`paths[0] ${reason}`);
    expect(refused?.field).toBe('paths[0]');
  });

  test('never answers but by a pattern or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.anything()), (value) => {
        expect(['accepted', 'path-pattern-invalid']).toContain(refusalOf(() => parsePathPattern(value, 'pattern')));
      }),
    );
  });
});

describe('matching', () => {
  test.each([
    ['a path matches itself', 'a/b', 'a/b', 'matches'],
    ['and no other', 'a/b', 'a/c', 'differs'],
    ['nor one that goes on', 'a/b', 'a/b/c', 'differs'],
    ['nor one that is cut short', 'a/b', 'a', 'differs'],
    ['capitals count', 'A*', 'a', 'differs'],
    ['a star matches a name', 'team/*', 'team/app', 'matches'],
    ['a star matches nothing, beside a letter', 'a*', 'a', 'matches'],
    ['a star does not cross a slash', 'team/*', 'team/app/x', 'differs'],
    ['a star at the top does not reach down', '*', 'a/b', 'differs'],
    ['a star in the middle', 'a/*/c', 'a/b/c', 'matches'],
    ['what stands before and after a star does not overlap', 'aba*ba', 'aba', 'differs'],
    ['the pieces between stars keep their order', '*b*a', 'ab', 'differs'],
    ['the last piece is looked for at the end', '*a*', 'bab', 'matches'],
    ['a star may take an earlier end for the middle', '*ab', 'abab', 'matches'],
    ['a question mark matches one character', 'foo-?.tgz', 'foo-2.tgz', 'matches'],
    ['but not several', 'foo-?.tgz', 'foo-10.tgz', 'differs'],
    ['nor none', 'foo-?.tgz', 'foo-.tgz', 'differs'],
    ['a question mark does not match a slash', 'a?b', 'a/b', 'differs'],
    ['a question mark after a star', '*?', 'a', 'matches'],
    ['stars and question marks', '?*-?.*', 'ab-c.d', 'matches'],
    ['a star in a path is a character', '*', 'a*b', 'matches'],
    ['a star matches letters beyond ASCII', '*.txt', 'größe🔑.txt', 'matches'],
    ['a letter beyond ASCII matches itself', 'größe/?', 'größe/1', 'matches'],
    ['a question mark beside letters beyond ASCII', 'größe-?', 'größe-1', 'matches'],
    ['too many letters beyond ASCII for a question mark', '?.txt', 'größe.txt', 'differs'],
    ['a letter of two bytes for a question mark', '?', 'é', 'contested'],
    ['a letter of two bytes for two', '??', 'é', 'contested'],
    ['a character beyond the BMP for a question mark', '?', '🔑', 'contested'],
    ['a character beyond the BMP for two', '??', '🔑', 'contested'],
    ['a part of a character for a star, the rest for question marks', '*??', '€', 'contested'],
    ['no character is enough for five question marks', '?????', '🔑', 'differs'],
    ['a wildcard before a hidden file', '*', '.hidden', 'contested'],
    ['a question mark before a hidden file', 'a/?idden', 'a/.idden', 'contested'],
    ['a wildcard before a hidden folder', '*/b', '.a/b', 'contested'],
    ['a hidden file of another kind', '*.txt', '.bin', 'differs'],
    ['a hidden folder, and a name that differs anyway', '*/b', '.a/c', 'differs'],
    ['a star after a leading dot', '.*', '.hidden', 'matches'],
    ['a dot further on', '*', 'a.b', 'matches'],
  ] as const)('%s: %s, %s', (_name, text, path, expected) => {
    expect(matchPathPattern(pattern(text), path)).toBe(expected);
  });

  test.each([
    ['crosses slashes with a star', 'team/*', 'team/a/b', true],
    ['crosses slashes with a question mark', 'a?b', 'a/b', true],
    ['matches hidden files', '*', '.hidden', true],
    ['takes a question mark for a byte', '??', 'é', true],
    ['takes one for one byte alone', '?', 'é', false],
    ['keeps to what is written', 'team/*', 'teams/a', false],
  ] as const)('tough %s: %s, %s', (_name, text, path, expected) => {
    expect(toughMatches(pattern(text), path)).toBe(expected);
  });

  test.each([
    ['team/app-*.tgz', 'team/app-'],
    ['a?b*', 'a'],
    ['*', ''],
    ['a/b', 'a/b'],
  ])('%s begins with "%s"', (text, expected) => {
    expect(literalPrefix(pattern(text))).toBe(expected);
  });
});

describe('matching, compared with what clients do written as regular expressions', () => {
  const separately = (text: string, path: string, matches: (part: string, name: string) => boolean): boolean => {
    const names = path.split('/');
    const parts = text.split('/');
    return parts.length === names.length && parts.every((part, index) => matches(part, names[index] ?? ''));
  };
  const globbed = (text: string, flags: string) =>
    new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`, flags);
  const asBytes = (text: string) => Buffer.from(text).toString('latin1');

  const pythonTuf = (text: string, path: string) =>
    separately(text, path, (part, name) => globbed(part, 'su').test(name));
  const tufJs = (text: string, path: string) =>
    separately(
      text,
      path,
      (part, name) => globbed(part, 's').test(name) && !(/^[*?]/.test(part) && name.startsWith('.')),
    );
  const tough = (text: string, path: string) => globbed(asBytes(text), 's').test(asBytes(path));

  const words = (units: string[]) => {
    const word = fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength: 6 });
    return fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  };
  const isPattern = (text: string): text is PathPattern => refusalOf(() => parsePathPattern(text, 'p')) === 'accepted';
  const patterns = words(['a', 'b', '.', '*', '?', 'é', '🔑']).filter(isPattern);
  const paths = words(['a', 'b', '.', 'é', '€', '🔑']).filter((path) => !/(^|\/)\.\.?(\/|$)/.test(path));
  const runs = { numRuns: 5_000 };

  test('says that a path matches or differs only where all do, but tough may match more', () => {
    fc.assert(
      fc.property(patterns, paths, (text, path) => {
        const answers = [pythonTuf(text, path), tufJs(text, path)];
        const said = matchPathPattern(text, path);
        if (said === 'matches') expect([...answers, tough(text, path)]).toEqual([true, true, true]);
        if (said === 'differs') expect(answers).toEqual([false, false]);
      }),
      runs,
    );
  });

  test('contests nothing but leading dots, and question marks beyond ASCII', () => {
    fc.assert(
      fc.property(patterns, paths, (text, path) => {
        if (matchPathPattern(text, path) !== 'contested') return;
        const isBeyondAscii = asBytes(path).length > path.length;
        expect(/(^|\/)\./.test(path) || (text.includes('?') && isBeyondAscii)).toBe(true);
      }),
      runs,
    );
  });

  test('knows what tough matches', () => {
    fc.assert(
      fc.property(patterns, paths, (text, path) => {
        expect(toughMatches(text, path)).toBe(tough(text, path));
      }),
      runs,
    );
  });

  test('a path that does not begin with the literal prefix differs', () => {
    fc.assert(
      fc.property(patterns, paths, (text, path) => {
        if (!path.startsWith(literalPrefix(text))) expect(matchPathPattern(text, path)).toBe('differs');
      }),
      runs,
    );
  });
});

test('is quick about patterns and paths made to be slow', () => {
  const slow = pattern(`${'*a'.repeat(MAXIMUM_STARS_PER_SEGMENT)}?b`);
  const start = performance.now();
  for (let round = 0; round < 100; round += 1) {
    matchPathPattern(slow, `${'a'.repeat(1_022)}c`);
    matchPathPattern(slow, `${'é'.repeat(511)}c`);
    toughMatches(slow, `${'a'.repeat(1_022)}c`);
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});
