import fc from 'fast-check';
import { type PathLimit, pathCovers, pathMatches, reasonAgainstPathLimit } from './path-limit.js';

const limit = (text: string) => {
  expect([text, reasonAgainstPathLimit(text)]).toEqual([text, null]);
  return text as PathLimit;
};

describe('a limit of paths', () => {
  test.each<[string, string, boolean]>([
    ['team-a/**', 'team-a/x', true],
    ['team-a/**', 'team-a/x/y/z', true],
    ['team-a/**', 'team-a', false],
    ['team-a/**', 'team-a-evil/x', false],
    ['team-a/**', 'x/team-a/y', false],
    ['team-a/**', 'TEAM-A/x', false],
    ['**', 'x', true],
    ['**', 'x/y', true],
    ['**/x', 'x', false],
    ['**/x', 'a/x', true],
    ['a/**/z', 'a/z', false],
    ['a/**/z', 'a/b/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c/y', false],
    ['a/**/m/**/z', 'a/m/m/m/z', true],
    ['**/**', 'x', false],
    ['**/**', 'x/y', true],
    ['a/*', 'a/x', true],
    ['a/*', 'a/.hidden', true],
    ['a/*', 'a/x/y', false],
    ['*.gz', 'app.tar.gz', true],
    ['*.gz', 'dir/app.gz', false],
    ['a-*-b', 'a-b', false],
    ['a*b*c', 'a-b-b-c', true],
    ['ab*ba', 'aba', false],
    ['app', 'app', true],
    ['app', 'app/x', false],
    ['a+(b|c)', 'a+(b|c)', true],
    ['a+(b|c)', 'ab', false],
    ['a.c', 'abc', false],
    ['straße/**', 'straße/x', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(pathMatches(limit(pattern), path)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ['', /empty/],
    ['/a', /start with/],
    ['a/', /end with/],
    ['a//b', /"\/\/"/],
    ['a/../b', /"\.\."/],
    ['a/**b', /whole segment/],
    ['a/b**', /whole segment/],
    ['a/***', /whole segment/],
    ['a/[bc]', /\[/],
    ['a/{b,c}', /\{/],
    ['a/?', /\?/],
    ['!a', /!/],
    ['a%2f*', /%/],
    ['e\u0301/*', /normal form/],
    ['a\u0000', /control/],
  ])('is not %j', (text, reason) => {
    expect(reasonAgainstPathLimit(text)).toMatch(reason);
  });

  const segment = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '**');
  const pattern = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/') as PathLimit);
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'ba', '*', '**', 'aab'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('/'));

  test('matches what the same words as a regular expression match', () => {
    const words = (text: string) => (text === '**' ? '[^/]+(?:/[^/]+)*' : text.replaceAll('*', '[^/]*'));
    fc.assert(
      fc.property(pattern, path, (text, candidate) => {
        const expression = new RegExp(`^${text.split('/').map(words).join('/')}$`);
        expect(pathMatches(text, candidate)).toBe(expression.test(candidate));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each<[string, string, boolean]>([
    ['team-a/**', 'team-a/**', true],
    ['team-a/**', 'team-a/app/*', true],
    ['team-a/**', 'team-a/**/x', true],
    ['team-a/**', 'team-*/**', false],
    ['team-*/**', 'team-a/**', true],
    ['team-a/*', 'team-a/**', false],
    ['team-a/*', 'team-a/x*', true],
    ['*', '**', false],
    ['**', '**', true],
    ['**/**', '**', false],
    ['**', '*/*', true],
    ['a/*.gz', 'a/*', false],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(pathCovers(limit(outer), limit(inner))).toBe(expected);
  });

  test('covers no limit that matches a path beyond its own', () => {
    let covered = 0;
    fc.assert(
      fc.property(pattern, pattern, path, (outer, inner, candidate) => {
        if (!pathCovers(outer, inner) || !pathMatches(inner, candidate)) return;
        covered += 1;
        expect(pathMatches(outer, candidate)).toBe(true);
      }),
      { numRuns: 50_000 },
    );
    expect(covered).toBeGreaterThan(50);
  });

  test('takes a time that does not explode', () => {
    const long = `${'**/*a*b*/'.repeat(100)}z` as PathLimit;
    expect(pathMatches(long, `${'ab/'.repeat(340)}x`)).toBe(false);
  });
});
