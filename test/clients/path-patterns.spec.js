import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseArtifactPath } from '../../src/tuf/artifact-path.js';
import { matchPathPattern, parsePathPattern, toughMatches } from '../../src/tuf/path-pattern.js';
import { refusalOf } from '../../src/tuf/testing/refusals.js';
import { availableClients } from './stock-client.js';
const { clients } = await availableClients();
let folder;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-patterns-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
async function answers(client, questions) {
    const file = join(folder, `${client.name}.json`);
    await writeFile(file, JSON.stringify(questions));
    return client.match(file);
}
const isPath = (path) => refusalOf(() => parseArtifactPath(path)) === 'accepted';
const isPattern = (text) => refusalOf(() => parsePathPattern(text, 'p')) === 'accepted';
/** A few letters, so that many paths nearly match; the signs that globs know; one character of each length in UTF-8. */
function words(...units) {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', ...units), minLength: 1, maxLength: 6 });
    return fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
}
const SIGNS = [..."!+@(),|^$&~'<>;=: _A"];
const anyPath = words('é', '€', '🔑', ...SIGNS, '[', ']', '{', '}', '*').filter(isPath);
const patterns = fc
    .oneof(words('*', '?'), words('*', '?', 'é', '🔑'), words('*', '*', '?', '?', '€', ...SIGNS))
    .filter(isPattern);
const fillings = fc.infiniteStream(fc.oneof(words('€', '🔑').filter(isPath), fc.constantFrom('a', '.', 'é', '🔑', '')));
/** A path that the pattern comes near to: its wildcards are replaced. */
const nearPairs = fc.tuple(patterns, fillings).map(([pattern, filling]) => {
    const path = pattern.replace(/[*?]/g, () => filling.next().value ?? '');
    return { pattern, path };
});
const pairs = fc.sample(fc
    .oneof({ arbitrary: nearPairs, weight: 4 }, fc.record({ pattern: patterns, path: anyPath }))
    .filter(({ path }) => isPath(path)), { seed: 20_250_101, numRuns: 2_000 });
const said = pairs.map(({ pattern, path }) => matchPathPattern(pattern, path));
test('the generated pairs are of every kind', () => {
    for (const kind of ['matches', 'differs', 'contested']) {
        expect(said.filter((match) => match === kind).length).toBeGreaterThan(100);
    }
});
const ORDER = ['tuf-js', 'python-tuf', 'go-tuf', 'tough'];
const YES = true;
const NO = false;
const REFUSED = null;
const CONTESTED = [
    ['*', '.hidden', [NO, YES, YES, YES]],
    ['?hidden', '.hidden', [NO, YES, YES, YES]],
    ['*.tgz', '.tgz', [NO, YES, YES, YES]],
    ['?', 'é', [YES, YES, YES, NO]],
    ['?', '🔑', [NO, YES, YES, NO]],
    ['??', '🔑', [YES, NO, NO, NO]],
    ['*??', '€', [NO, NO, YES, YES]],
];
const NOT_TAKEN = [
    ['a/**', 'a/b/c', [NO, NO, NO, YES]],
    ['**/b', 'b', [NO, NO, NO, YES]],
    ['[!a]', 'b', [YES, YES, NO, YES]],
    ['[^a]', 'b', [YES, NO, YES, YES]],
    ['[a', '[a', [YES, YES, NO, REFUSED]],
    ['{a,b}', 'a', [YES, NO, NO, YES]],
    ['{a,b}', '{a,b}', [NO, YES, YES, NO]],
    ['{a', '{a', [YES, YES, YES, REFUSED]],
    ['a}', 'a}', [YES, YES, YES, REFUSED]],
    ['!a', 'b', [YES, NO, NO, NO]],
    ['+(a)', 'a', [YES, NO, NO, NO]],
    ['+(a)', '+(a)', [NO, YES, YES, YES]],
    ['@(a|b)', 'a', [YES, NO, NO, NO]],
    ['#a', '#a', [NO, YES, YES, YES]],
    ['a\\*', 'a*', [YES, NO, YES, YES]],
    ['a\\b', 'a\\b', [NO, YES, NO, NO]],
];
describe.each(clients.map((client) => [client.name, client]))('%s', (name, client) => {
    const isTough = name === 'tough';
    test('reads every pattern that the service takes as the service does', async () => {
        const given = await answers(client, pairs);
        const wrong = pairs
            .map((pair, index) => ({ ...pair, said: said[index], given: given[index] }))
            .filter((answer) => answer.given !== expected(answer.pattern, answer.path, answer.said, answer.given));
        expect(wrong).toEqual([]);
    });
    // Where clients may disagree there is nothing to expect; tough is known exactly.
    function expected(pattern, path, match, given) {
        if (match === 'matches')
            return true;
        if (isTough)
            return toughMatches(pattern, path);
        return match === 'differs' ? false : given;
    }
    test.each(CONTESTED)('has its own reading of %s for %s', async (pattern, path, readings) => {
        expect(matchPathPattern(parsePathPattern(pattern, 'pattern'), path)).toBe('contested');
        expect(await answers(client, [{ pattern, path }])).toEqual([readings[ORDER.indexOf(name)]]);
    });
    test.each(NOT_TAKEN)('has its own reading of %s, which is not taken, for %s', async (pattern, path, readings) => {
        expect(refusalOf(() => parsePathPattern(pattern, 'pattern'))).toBe('path-pattern-invalid');
        expect(await answers(client, [{ pattern, path }])).toEqual([readings[ORDER.indexOf(name)]]);
    });
    test('takes the empty prefix of a hash for everything', async () => {
        const questions = pairs.map(({ path }) => ({ path, prefix: '' }));
        expect(new Set(await answers(client, questions))).toEqual(new Set([true]));
    });
    const isBase64 = name === 'go-tuf';
    test(`${isBase64 ? 'does not take' : 'takes'} the sixteen hex digits for everything`, async () => {
        const digits = [...'0123456789abcdef'];
        const paths = pairs.slice(0, 200).map(({ path }) => path);
        const given = await answers(client, paths.flatMap((path) => digits.map((prefix) => ({ path, prefix }))));
        const covered = paths.filter((_, index) => given.slice(index * 16, index * 16 + 16).includes(true));
        expect(covered.length === paths.length).toBe(!isBase64);
    });
});
test('every contested and every refused form here is read in two ways at least', () => {
    for (const [, , readings] of [...CONTESTED, ...NOT_TAKEN])
        expect(new Set(readings).size).toBeGreaterThan(1);
});
