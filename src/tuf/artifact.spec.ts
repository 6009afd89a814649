import { MAXIMUM_CUSTOM_BYTES, MAXIMUM_CUSTOM_DEPTH, parseArtifact, sameTargetFile, targetFileOf } from './artifact.js';
import type { TufErrorCode } from './errors.js';
import { refusal, refusalOf } from './testing/refusals.js';

const SHA256 = 'a'.repeat(64);
const SHA512 = 'b'.repeat(128);
const GOOD = { path: 'dir/file', length: 3, hashes: { sha256: SHA256 } };

/** Objects and arrays in turn, `depth` of them, around a value. */
function nested(depth: number): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { n: value } : [value];
  return depth % 2 === 1 ? value : { n: nested(depth - 1) };
}

describe('artifacts', () => {
  test.each([
    ['the least there is', GOOD],
    ['an empty file', { ...GOOD, length: 0 }],
    ['2^53-1 bytes', { ...GOOD, length: Number.MAX_SAFE_INTEGER }],
    ['two hashes', { ...GOOD, hashes: { sha512: SHA512, sha256: SHA256 } }],
    ['names beyond the BMP in custom', { ...GOOD, custom: { '\u{1f511}': 1, a: 2 } }],
    ['custom of every kind', { ...GOOD, custom: { a: [1, -1, true, null, 'é', '\u{1f511}', { b: {} }] } }],
    ['custom with the names objects inherit', { ...GOOD, custom: { constructor: 1, toString: 2 } }],
  ])('obligation 9: are kept as given, with %s', (_name, given) => {
    expect(parseArtifact(given, 'artifact')).toEqual(given);
  });

  const refused: readonly (readonly [name: string, given: unknown, code: TufErrorCode, field: string])[] = [
    ['text', 'dir/file', 'artifact-invalid', 'artifact'],
    ['null', null, 'artifact-invalid', 'artifact'],
    ['an array', [GOOD], 'artifact-invalid', 'artifact'],
    ['an unknown field', { ...GOOD, size: 3 }, 'artifact-invalid', 'artifact.size'],
    ['a field __proto__', { ...JSON.parse('{"__proto__":{}}'), ...GOOD }, 'artifact-invalid', 'artifact.__proto__'],
    ['no path', { ...GOOD, path: undefined }, 'artifact-path-invalid', 'artifact.path'],
    ['a bad path', { ...GOOD, path: '../x' }, 'artifact-path-invalid', 'artifact.path'],
    ['no length', { ...GOOD, length: undefined }, 'artifact-length-invalid', 'artifact.length'],
    ['a negative length', { ...GOOD, length: -1 }, 'artifact-length-invalid', 'artifact.length'],
    ['a fractional length', { ...GOOD, length: 1.5 }, 'artifact-length-invalid', 'artifact.length'],
    ['a length of 2^53', { ...GOOD, length: 2 ** 53 }, 'artifact-length-invalid', 'artifact.length'],
    ['a length as text', { ...GOOD, length: '3' }, 'artifact-length-invalid', 'artifact.length'],
    ['no hashes', { ...GOOD, hashes: undefined }, 'artifact-hashes-invalid', 'artifact.hashes'],
    ['an array of hashes', { ...GOOD, hashes: [SHA256] }, 'artifact-hashes-invalid', 'artifact.hashes'],
    ['empty hashes', { ...GOOD, hashes: {} }, 'artifact-hashes-invalid', 'artifact.hashes'],
    ['sha512 alone', { ...GOOD, hashes: { sha512: SHA512 } }, 'artifact-hashes-invalid', 'artifact.hashes'],
    ['md5', { ...GOOD, hashes: { sha256: SHA256, md5: 'a'.repeat(32) } }, 'artifact-hashes-invalid', 'artifact.hashes'],
    [
      '"constructor" for a hash',
      { ...GOOD, hashes: { constructor: 'a' } },
      'artifact-hashes-invalid',
      'artifact.hashes',
    ],
    [
      'an upper-case digest',
      { ...GOOD, hashes: { sha256: SHA256.toUpperCase() } },
      'artifact-hashes-invalid',
      'artifact.hashes.sha256',
    ],
    ['a short digest', { ...GOOD, hashes: { sha256: 'a' } }, 'artifact-hashes-invalid', 'artifact.hashes.sha256'],
    [
      'a digest not hex',
      { ...GOOD, hashes: { sha256: 'g'.repeat(64) } },
      'artifact-hashes-invalid',
      'artifact.hashes.sha256',
    ],
    [
      'a digest with a newline',
      { ...GOOD, hashes: { sha256: `${'a'.repeat(63)}\n` } },
      'artifact-hashes-invalid',
      'artifact.hashes.sha256',
    ],
    ['a digest as a number', { ...GOOD, hashes: { sha256: 7 } }, 'artifact-hashes-invalid', 'artifact.hashes.sha256'],
    ['custom as text', { ...GOOD, custom: 'x' }, 'artifact-custom-invalid', 'artifact.custom'],
    ['custom as an array', { ...GOOD, custom: [] }, 'artifact-custom-invalid', 'artifact.custom'],
    ['an empty custom', { ...GOOD, custom: {} }, 'artifact-custom-invalid', 'artifact.custom'],
    ['custom null', { ...GOOD, custom: null }, 'artifact-custom-invalid', 'artifact.custom'],
    ['a float in custom', { ...GOOD, custom: { a: 1.5 } }, 'artifact-custom-invalid', 'artifact.custom'],
    ['a float deep in custom', { ...GOOD, custom: { a: [{ b: 0.1 }] } }, 'artifact-custom-invalid', 'artifact.custom'],
    ['2^53 in custom', { ...GOOD, custom: { a: 2 ** 53 } }, 'artifact-custom-invalid', 'artifact.custom'],
    [
      'a decomposed letter in custom',
      { ...GOOD, custom: { a: 'e\u0301' } },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
    [
      'a decomposed name in custom',
      { ...GOOD, custom: { 'e\u0301': 1 } },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
    [
      'a lone surrogate in custom',
      { ...GOOD, custom: { a: ['\udc00'] } },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
    [
      'names in custom that tuf-js sorts differently',
      { ...GOOD, custom: { '\uffee': 1, '\u{1f511}': 2 } },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
    [
      'names in custom that tough sorts differently',
      { ...GOOD, custom: { b: { a: 1, 'a b': 2 } } },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
    [
      '__proto__ in custom',
      { ...GOOD, custom: JSON.parse('{"a":{"__proto__":{"b":1}}}') },
      'artifact-custom-invalid',
      'artifact.custom',
    ],
  ];
  test.each(refused)('obligation 9: are refused with %s', (_name, given, code, field) => {
    expect(refusal(() => parseArtifact(given, 'artifact'))).toMatchObject({ code, field });
  });

  test(`custom may be ${MAXIMUM_CUSTOM_DEPTH} levels deep and no deeper`, () => {
    const judge = (depth: number) => refusalOf(() => parseArtifact({ ...GOOD, custom: nested(depth) }, 'artifact'));
    expect(judge(32)).toBe('accepted');
    expect(judge(33)).toBe('artifact-custom-invalid');
    expect(judge(5_000)).toBe('artifact-custom-invalid');
  });

  test(`custom may take ${MAXIMUM_CUSTOM_BYTES} canonical bytes and not one more`, () => {
    const frame = '{"a":""}'.length;
    const judge = (text: string) => refusalOf(() => parseArtifact({ ...GOOD, custom: { a: text } }, 'artifact'));
    expect(judge('x'.repeat(65_536 - frame))).toBe('accepted');
    expect(judge('x'.repeat(65_536 - frame + 1))).toBe('artifact-custom-invalid');
    expect(judge('é'.repeat((65_536 - frame) / 2))).toBe('accepted');
    expect(judge('é'.repeat((65_536 - frame) / 2 + 1))).toBe('artifact-custom-invalid');
  });

  test('what metadata says of an artifact leaves its path out', () => {
    const artifact = parseArtifact({ ...GOOD, custom: { a: 1 } }, 'artifact');
    expect(targetFileOf(artifact)).toEqual({ length: 3, hashes: { sha256: SHA256 }, custom: { a: 1 } });
  });

  test('two descriptions are the same whatever the order of their fields', () => {
    const left = { length: 3, hashes: { sha256: SHA256, sha512: SHA512 }, custom: { a: 1, b: 2 } };
    const right = { custom: { b: 2, a: 1 }, hashes: { sha512: SHA512, sha256: SHA256 }, length: 3 };
    expect(sameTargetFile(left, right)).toBe(true);
    expect(sameTargetFile(left, { ...right, length: 4 })).toBe(false);
    expect(sameTargetFile(left, { ...right, custom: {} })).toBe(false);
    expect(sameTargetFile(left, null)).toBe(false);
    expect(sameTargetFile(null, null)).toBe(true);
  });
});
