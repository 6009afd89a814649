import type { ArtifactPath, TargetFile } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import { encodeMetadata } from './encode-metadata.js';
import type { Targets } from './metadata.js';
import { readTargets } from './read-targets.js';
import { TargetFiles } from './target-files.js';

const file = (length: number, custom?: object) =>
  ({ length, hashes: { sha256: 'a1'.repeat(32) }, ...(custom && { custom }) }) as TargetFile;
const BIN = {
  _type: 'targets',
  spec_version: '1.0.34',
  version: 7,
  expires: '2027-01-01T00:00:00Z',
  targets: { 'a/1': file(1), 'a/2': file(2) } as Record<ArtifactPath, TargetFile>,
} as const satisfies Targets;
const SIGNATURES = [{ keyid: 'ab'.repeat(32), sig: 'cd'.repeat(64) }];
const textOf = (signed: Targets) =>
  Buffer.from(encodeMetadata({ signatures: SIGNATURES as never, signed })).toString('utf8');

test('a bin is read as its text', () => {
  const { signatures, signed } = readTargets(textOf(BIN));
  expect(signatures).toEqual(SIGNATURES);
  expect({ ...signed, targets: JSON.parse(JSON.stringify(signed.targets)) }).toEqual(BIN);
  expect(signed.targets).toBeInstanceOf(TargetFiles);
  expect(canonicalJson(signed)).toBe(canonicalJson(BIN));
});

test.each<[string, Targets]>([
  ['delegates', { ...BIN, delegations: { keys: {}, roles: [] } }],
  ['has an unknown field', { ...BIN, 'x-note': 1 } as Targets],
  ['has control characters', { ...BIN, targets: { ['a' as ArtifactPath]: file(1, { note: 'two\nlines' }) } }],
])('another role is read as any JSON: one that %s', (_, signed) => {
  expect(readTargets(textOf(signed)).signed).toEqual(signed);
});

test('what is written otherwise is read as any JSON', () => {
  const { signed } = readTargets(JSON.stringify({ signed: BIN, signatures: SIGNATURES }, null, 1));
  expect(signed).toEqual(BIN);
});

test.each([
  ['a second list behind the first', (text: string) => text.replace(',"version"', ',"targets":{},"version"')],
  ['a second list before the first', (text: string) => text.replace('"targets":{', '"targets":{},"targets":{')],
  ['a second signed part', (text: string) => text.replace(/\}$/, ',"signed":{"_type":"targets"}}')],
])('two of one name are not taken for the first: %s', (_, change) => {
  const text = change(textOf(BIN));
  const last = JSON.parse(text).signed;
  const read = () => readTargets(text).signed;
  if (last.version === undefined) expect(read).toThrow('spec_version');
  else expect(JSON.parse(JSON.stringify(read().targets))).toEqual(last.targets);
});

test.each([
  ['no JSON', (text: string) => text.slice(0, -1)],
  ['a raw line feed in a name', (text: string) => text.replace('a/1', 'a\n1')],
])('it throws for %s', (_, change) => {
  expect(() => readTargets(change(textOf(BIN)))).toThrow(SyntaxError);
});

test.each([
  ['another type', { ...BIN, _type: 'snapshot' }],
  ['no list', { ...BIN, targets: undefined }],
  ['a version of zero', { ...BIN, version: 0 }],
  ['an expiry that is none', { ...BIN, expires: 'soon' }],
])('it refuses %s', (_, signed) => {
  expect(() => readTargets(textOf(signed as Targets))).toThrow('must');
});

describe('a list that is known', () => {
  const known = TargetFiles.of(BIN.targets);

  test('is taken where the text has it', () => {
    expect(readTargets(textOf(BIN), 'targets', known).signed.targets).toBe(known);
  });

  test('gives way to what the text was made of, where it says that', () => {
    const made = known.with(
      new Map([
        ['a/3' as ArtifactPath, file(3)],
        ['a/1' as ArtifactPath, null],
      ]),
    );
    expect(readTargets(textOf({ ...BIN, targets: made }), 'targets', known, made).signed.targets).toBe(made);
    expect(readTargets(textOf(BIN), 'targets', known, made).signed.targets).toBe(known);
  });

  test.each([
    ['are not where they are said to be', [1, 8]],
    ['start elsewhere', [2, 7]],
  ])('is not believed to have become one whose files %s', (_, places) => {
    const { text } = TargetFiles.of({ ['a/9' as ArtifactPath]: file(9) }) as unknown as { text: string };
    const made: TargetFiles = Object.assign(TargetFiles.of(BIN.targets), { text, places });
    const { targets } = readTargets(
      textOf({ ...BIN, targets: { 'a/9': file(9) } } as Targets),
      'targets',
      known,
      made,
    ).signed;
    expect(targets).not.toBe(made);
    expect(JSON.parse(JSON.stringify(targets))).toEqual({ 'a/9': file(9) });
  });

  test.each([
    ['a file more', { ...BIN.targets, 'a/3': file(3) }],
    ['a file less', { 'a/1': file(1) }],
    ['another file', { ...BIN.targets, 'a/2': file(3) }],
  ])('is not taken where the text has %s', (_, targets) => {
    const { signed } = readTargets(textOf({ ...BIN, targets } as Targets), 'targets', known);
    expect(JSON.parse(JSON.stringify(signed.targets))).toEqual(targets);
  });
});
