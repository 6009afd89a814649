import fc from 'fast-check';
import { MAXIMUM_PATH_BYTES, parseArtifactPath } from './artifact-path.js';
import { refusal, refusalOf } from './testing/refusals.js';

describe('artifact paths', () => {
  test.each([
    ['a file', 'file.txt'],
    ['a path', 'dir/sub/app-1.0.tar.gz'],
    ['a hidden file', '.well-known/keys'],
    ['dots inside a name', 'a..b/...'],
    ['spaces and signs', 'a b+c@d=e,f;g(h)!~$&.zip'],
    ['letters beyond ASCII in normal form C', 'été/€.bin'],
    ['the last character of the BMP', '\uffee'],
    ['characters beyond the BMP', '\u{1f511}/\u{20000}'],
    ['a name that objects inherit, below a folder', 'dir/__proto__'],
    ['a numeral', '10'],
    ['1,024 bytes', 'a'.repeat(MAXIMUM_PATH_BYTES)],
    ['1,024 bytes in 512 characters', 'é'.repeat(MAXIMUM_PATH_BYTES / 2)],
  ])('obligation 9: accepts %s', (_name, path) => {
    expect(parseArtifactPath(path)).toBe(path);
  });

  test.each([
    ['nothing', '', 'must not be empty'],
    ['a lone surrogate', 'a\ud800', 'must be valid Unicode'],
    ['1,025 bytes', 'a'.repeat(MAXIMUM_PATH_BYTES + 1), 'must not exceed 1024 bytes of UTF-8'],
    ['1,026 bytes in 513 characters', 'é'.repeat(MAXIMUM_PATH_BYTES / 2 + 1), 'must not exceed 1024 bytes of UTF-8'],
    ['1,025 bytes in folders', `${'a/'.repeat(MAXIMUM_PATH_BYTES / 2)}a`, 'must not exceed 1024 bytes of UTF-8'],
    ['a leading slash', '/a', 'must not start with "/"'],
    ['a slash alone', '/', 'must not start with "/"'],
    ['a trailing slash', 'a/', 'must not end with "/"'],
    ['a backslash', 'a\\b', 'must not contain a backslash'],
    ['a null byte', 'a\u0000b', 'must not contain control characters'],
    ['a newline', 'a\nb', 'must not contain control characters'],
    ['a delete character', 'a\u007fb', 'must not contain control characters'],
    ['a C1 control character', 'a\u0085b', 'must not contain control characters'],
    ['a line separator', 'a\u2028b', 'must not contain control characters'],
    ['an empty segment', 'a//b', 'must not contain "//"'],
    ['a parent segment', 'a/../b', 'must not contain ".."'],
    ['a parent segment first', '../b', 'must not contain ".."'],
    ['a parent segment last', 'a/..', 'must not contain ".."'],
    ['a dot segment', 'a/./b', 'must not contain a "." segment'],
    ['a dot', '.', 'must not contain a "." segment'],
    ['a question mark', 'a?b', 'must not contain "?", "#" or "%"'],
    ['a hash sign', 'a#b', 'must not contain "?", "#" or "%"'],
    ['a percent sign', 'a%20b', 'must not contain "?", "#" or "%"'],
    ['a leading space', ' a', 'must not start or end with white space'],
    ['a trailing no-break space', 'a\u00a0', 'must not start or end with white space'],
    ['"__proto__"', '__proto__', 'must not be a name that every JavaScript object has'],
    ['"constructor"', 'constructor', 'must not be a name that every JavaScript object has'],
    ['"hasOwnProperty"', 'hasOwnProperty', 'must not be a name that every JavaScript object has'],
    ['a decomposed letter', 'e\u0301', 'must be in Unicode normal form C'],
    ['a singleton of normal form C', '\u212b', 'must be in Unicode normal form C'],
  ])('obligation 9: refuses %s', (_name, path, reason) => {
    expect(refusal(() => parseArtifactPath(path, 'artifacts[2].path'))).toMatchObject({
      code: 'artifact-path-invalid',
      field: 'artifacts[2].path',
      message: `artifacts[2].path ${reason}`,
    });
  });

  test.each([
    ['a number', 7],
    ['null', null],
    ['no value', undefined],
    ['an array', ['a']],
  ])('refuses %s', (_name, path) => {
    expect(refusalOf(() => parseArtifactPath(path))).toBe('artifact-path-invalid');
  });

  test('never resolves to another path once it is accepted', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', 'é', ' ') }), (path) => {
        if (refusalOf(() => parseArtifactPath(path)) !== 'accepted') return;
        expect(decodeURI(new URL(path, 'http://host/targets/').pathname)).toBe(`/targets/${path}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
