import type { ArtifactPath, TargetFile } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import { TargetFiles } from './target-files.js';
import { withEdits } from './targets-content.js';

type Files = Record<ArtifactPath, TargetFile>;

const SHA256 = 'a1'.repeat(32);
const SHA512 = 'b2'.repeat(64);
const file = (length: number, more: object = {}): TargetFile => ({ length, hashes: { sha256: SHA256 }, ...more });
const files = (entries: Record<string, TargetFile>) => entries as Files;

const LISTS: Readonly<Record<string, Files>> = {
  nothing: files({}),
  'one artifact': files({ 'a/1': file(0) }),
  'several, not in order': files({ b: file(1), 'a/2': file(9_007_199_254_740_991), 'a/10': file(2) }),
  'names that look like numbers': files({ 10: file(1), 9: file(2), 1: file(3) }),
  'two hashes': files({ a: { length: 1, hashes: { sha512: SHA512, sha256: SHA256 } } }),
  'names of the prototype': files(
    JSON.parse(`{"__proto__":${JSON.stringify(file(1))},"constructor":${JSON.stringify(file(2))}}`),
  ),
  'quotes and backslashes': files({ 'a"b': file(1), 'a\\b': file(2), 'a\\"': file(3), a: file(4) }),
  'characters beyond U+FFFF': files({ '\u{1f600}': file(1), '\uffff': file(2), '\u00e9': file(3) }),
  'custom fields': files({ a: file(1, { custom: { '}': '{"', nested: { list: [1, { deep: '\\' }] } } }), b: file(2) }),
  'unknown fields': files({ a: file(1, { 'x-note': 'kept' }) }),
};

describe.each(Object.entries(LISTS))('a list with %s', (_, listed) => {
  const list = TargetFiles.of(listed);

  test('has the canonical form of the object', () => {
    expect(list.canonical()).toBe(canonicalJson(listed));
    expect(canonicalJson({ targets: list })).toBe(canonicalJson({ targets: listed }));
  });

  test('is the object again in JSON', () => {
    expect(JSON.parse(JSON.stringify(list))).toEqual(listed);
  });

  test('is read from its text, wherever that stands', () => {
    const text = `before${list.canonical()}behind`;
    const read = TargetFiles.read(text, 'before'.length);
    expect(read?.end).toBe(text.length - 'behind'.length);
    expect(read?.files.canonical()).toBe(list.canonical());
    expect(read?.files.paths()).toEqual(list.paths());
  });

  test('finds each path, and no other', () => {
    for (const [path, expected] of Object.entries(listed)) expect(list.get(path)).toEqual(expected);
    for (const path of ['', 'zz', '0', 'toString', 'a/', '\u{1f601}']) expect(list.get(path)).toBeNull();
    expect(list.size).toBe(Object.keys(listed).length);
  });

  test('says nothing otherwise than itself', () => {
    expect(list.changedSince(TargetFiles.of(listed))).toEqual([]);
  });
});

test('control characters stand in the canonical form as they are, and are found', () => {
  const listed = files({ a: file(1, { custom: { note: 'two\nlines\u0000\u001f' } }), b: file(2) });
  const list = TargetFiles.of(listed);
  expect(list.canonical()).toBe(canonicalJson(listed));
  expect(list.get('a')).toEqual(listed['a' as ArtifactPath]);
  expect(list.toJSON()).toEqual(listed);
  expect(list.with(new Map([['b' as ArtifactPath, null]])).get('a')).toEqual(listed['a' as ArtifactPath]);
});

describe('a text is not read as a list', () => {
  const one = (member: string) => `{${member}}`;
  const plain = canonicalJson(file(1));
  test.each([
    ['with a path twice', one(`"a":${plain},"a":${plain}`)],
    ['out of order', one(`"b":${plain},"a":${plain}`)],
    ['in the order of UTF-16 units', one(`"\u{1f600}":${plain},"\uffff":${plain}`)],
    ['with white space', one(`"a": ${plain}`)],
    ['with an escape that canonical JSON lacks', one(`"\\u0061":${plain}`)],
    ['with a needless escape', one(`"a\\/b":${plain}`)],
    ['with fields out of order', one(`"a":{"length":1,"hashes":{"sha256":"${SHA256}"}}`)],
    ['with a leading zero', one(`"a":{"hashes":{"sha256":"${SHA256}"},"length":01}`)],
    ['with minus zero', one(`"a":{"hashes":{"sha256":"${SHA256}"},"length":-0}`)],
    ['with a length beyond 2^53-1', one(`"a":{"hashes":{"sha256":"${SHA256}"},"length":9007199254740992}`)],
    ['with a field twice', one(`"a":{"hashes":{},"hashes":{"sha256":"${SHA256}"},"length":1}`)],
    ['that ends early', `{"a":${plain}`],
    ['that ends in a comma', `{"a":${plain},}`],
    ['with something else than an object', one('"a":1')],
    ['that is an array', `[${plain}]`],
    ['that is empty', ''],
  ])('%s', (_, text) => {
    expect(TargetFiles.read(text, 0)).toBeNull();
  });
});

test('edits come to the same as those of an object', () => {
  const random = sequence(20_261_126);
  const names = [
    'a',
    'a/1',
    'a/10',
    'a/2',
    'b"',
    'b\\',
    'c\uffff',
    'c\u{1f600}',
    '7',
    '10',
    '__proto__',
  ] as ArtifactPath[];
  let asObject: { targets: Files } = { targets: {} };
  let asText = TargetFiles.NONE;
  for (let round = 0; round < 500; round += 1) {
    const edits = new Map<ArtifactPath, TargetFile | null>();
    for (const name of names) {
      if (random() < 0.25)
        edits.set(
          name,
          random() < 0.4 ? null : file(Math.floor(random() * 3), random() < 0.3 ? { custom: { 'x\n': '"' } } : {}),
        );
    }
    const before = { asObject, asText };
    asObject = withEdits(asObject, edits) as typeof asObject;
    asText = asText.with(edits);
    expect(asText.canonical()).toBe(canonicalJson(asObject.targets));
    const own = (listed: Files, name: ArtifactPath) => (Object.hasOwn(listed, name) ? listed[name] : undefined);
    const changed = names.filter(
      (name) =>
        canonicalJson(own(before.asObject.targets, name) ?? null) !==
        canonicalJson(own(asObject.targets, name) ?? null),
    );
    const found = asText.changedSince(before.asText);
    expect(found.map(({ path }) => path).sort()).toEqual([...changed].sort());
    for (const { path, isNew } of found) expect(isNew).toBe(!Object.hasOwn(before.asObject.targets, path));
  }
});

/** Numbers from 0 to 1 that are the same in every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
