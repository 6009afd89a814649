import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalBytes, canonicalJson, sortedByCodePoint } from './canonical-json.js';
import { refusalOf } from './testing/refusals.js';

/** Computed with `encode_canonical` of python securesystemslib 1.6.0: JSON text, canonical form, sha256 of its UTF-8. */
const VECTORS: readonly (readonly [name: string, json: string, canonical: string, sha256: string])[] = [
  [
    'nested objects and arrays',
    '{"b":[1,2,{"z":null,"y":true}],"a":{"d":false,"c":"x"}}',
    '{"a":{"c":"x","d":false},"b":[1,2,{"y":true,"z":null}]}',
    '5b92c8a044c87d924be9e33c88342d904c3b2357a5565d05c05d04f908ccfb1d',
  ],
  [
    'empty values',
    '{"e":{},"a":[],"s":""}',
    '{"a":[],"e":{},"s":""}',
    '5dae5aaa037824ab2144c86adc93316d8705e3c6f82b816e37c9b96ebd9bffd0',
  ],
  [
    'quotes, backslashes and an escaped solidus',
    '{"q\\"uote":"back\\\\slash \\" and \\/ solidus"}',
    '{"q\\"uote":"back\\\\slash \\" and / solidus"}',
    'fc6e39a5df83b3d54bd5ee72cd61b55819059681611b7b3cd41a61b6c08e7d19',
  ],
  [
    'control characters, which stand as they are',
    '{"t":"tab\\tnewline\\nnull\\u0000del\\u007f\\u2028"}',
    '{"t":"tab\tnewline\nnull\u0000del\u007f\u2028"}',
    '2981cd6280f817fa614394e3b5c0635d0d2bb7e0534f87fdee60d15214172dbe',
  ],
  [
    'integers at ±(2^53-1), zero and minus zero',
    '[9007199254740991,-9007199254740991,0,-0,-1,10]',
    '[9007199254740991,-9007199254740991,0,0,-1,10]',
    '709ce6ca0403dcc4f9eb19b518b062318a87f60953b7ef2a0dd59c772fcc7cfd',
  ],
  [
    'text beyond ASCII and beyond the BMP',
    '{"\u00e9":"\u{1f511}","z":"\u20ac"}',
    '{"z":"\u20ac","\u00e9":"\u{1f511}"}',
    '49c27dfc5445e74e0758edce0789bb89d4f62f72477ce713c33a61bc24c21319',
  ],
  [
    'names that are prefixes of each other, and numerals',
    '{"ab":1,"a":2,"abc":3,"":4,"B":5,"10":6,"9":7}',
    '{"":4,"10":6,"9":7,"B":5,"a":2,"ab":1,"abc":3}',
    '799e3efdb32713a1b8229ab86830336b8285faa010ecc5be40c70d384f558905',
  ],
  [
    'the names __proto__ and constructor',
    '{"__proto__":{"a":1},"constructor":2}',
    '{"__proto__":{"a":1},"constructor":2}',
    'c0a3fca668d9d0cb37e0be9cfa43519b2b84f5be3d98be476916ed77eef14d15',
  ],
];

describe('canonical JSON', () => {
  test.each(VECTORS)('obligation 2: encodes %s as securesystemslib does', (_name, json, canonical, sha256) => {
    const value: unknown = JSON.parse(json);
    expect(canonicalJson(value)).toBe(canonical);
    expect(createHash('sha256').update(canonicalBytes(value)).digest('hex')).toBe(sha256);
  });

  test('obligation 2: keys sort by Unicode code point, also beyond the BMP', () => {
    const value = { '\ufffd': 1, '\u{10000}': 2, '\ue000': 3, '\ud7ff': 4, 'a\u{1f511}': 5, 'a\uff5e': 6, a: 7 };
    // securesystemslib 1.6.0, encode_canonical
    expect(canonicalJson(value)).toBe(
      '{"a":7,"a\uff5e":6,"a\u{1f511}":5,"\ud7ff":4,"\ue000":3,"\ufffd":1,"\u{10000}":2}',
    );
    expect(createHash('sha256').update(canonicalBytes(value)).digest('hex')).toBe(
      'a6b7667579334953a6c91b9447c707bed0d0a536c5b27b8085ff4846ab91fade',
    );
  });

  test.each([
    ['a fraction', 0.5],
    ['2^53', 2 ** 53],
    ['-2^53', -(2 ** 53)],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a fraction deep inside', { a: [{ b: 1.5 }] }],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['undefined in an array', [undefined]],
  ])('obligation 2: refuses %s', (_name, value) => {
    expect(refusalOf(() => canonicalJson(value))).toBe('metadata-malformed');
  });

  test('leaves out fields that are undefined, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  // A lone surrogate has no UTF-8: python-tuf fails on it, and two different texts would share one signature.
  test('refuses text that is not valid Unicode', () => {
    expect(refusalOf(() => canonicalJson({ a: '\ud800' }))).toBe('metadata-malformed');
    expect(refusalOf(() => canonicalJson({ '\udfff': 1 }))).toBe('metadata-malformed');
  });

  test('refuses nesting too deep to walk, rather than overflowing the stack', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(refusalOf(() => canonicalJson(deep))).toBe('metadata-malformed');
  });

  test('gives one form to values that differ in the order of their fields only', () => {
    const json = fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(json, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  test('is read back by JSON.parse where no control character is in the way', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.maxSafeInteger().map((number) => number + 0),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: fc.constantFrom('a', '"', '\\', '/', '\u00e9', '\u{1f511}', '\uffee') }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\u{1f511}') }), tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(fc.property(value, (given) => expect(JSON.parse(canonicalJson(given))).toEqual(given)));
  });

  test('sorting names agrees with comparing their UTF-8, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        const byBytes = [...names].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
        expect(sortedByCodePoint(names)).toEqual(byBytes);
      }),
    );
  });
});
