import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { encodeMetadata } from './encode-metadata.js';
import type { MetaFile } from './metadata.js';
import { SPEC_VERSION } from './metadata.js';
import { parseSnapshot } from './parse-snapshot.js';
import { SnapshotEntries } from './snapshot-entries.js';
import { EntryChunk } from './snapshot-entry-chunk.js';

const NAME = fc
  .oneof(
    fc.integer({ min: 0, max: 999 }).map((bin) => `bins-${bin.toString(16).padStart(3, '0')}`),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  )
  .map((role) => `${role}.json`);
const ENTRY: fc.Arbitrary<MetaFile> = fc.record(
  {
    version: fc.integer({ min: 1, max: 99 }),
    length: fc.nat(),
    hashes: fc.record({ sha256: fc.string({ unit: 'grapheme' }) }),
  },
  { requiredKeys: ['version'] },
);
const RECORD = fc.dictionary(NAME, ENTRY, { maxKeys: 700, size: 'max', noNullPrototype: true });

const bins = (count: number, version: (bin: number) => number = () => 1) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, bin) => [
      `bins-${bin.toString(16).padStart(4, '0')}.json`,
      { version: version(bin) },
    ]),
  );

function textOf(meta: SnapshotEntries): string {
  const signed = {
    _type: 'snapshot',
    spec_version: SPEC_VERSION,
    version: 7,
    expires: '2026-03-08T12:00:00Z',
    meta,
  } as const;
  return Buffer.from(encodeMetadata({ signatures: [], signed })).toString('utf8');
}

describe('the entries of a snapshot', () => {
  test('are what they were made of, by name and in canonical form', () => {
    fc.assert(
      fc.property(RECORD, (record) => {
        const entries = SnapshotEntries.of(record);
        expect(entries.canonical()).toBe(canonicalJson(record));
        for (const [name, entry] of Object.entries(record)) expect(entries.get(name)).toEqual(entry);
        expect(entries.get('nobody')).toBeUndefined();
      }),
    );
  });

  test('with changes are what a record with these changes is', () => {
    fc.assert(
      fc.property(RECORD, RECORD, (record, changes) => {
        const next = SnapshotEntries.of(record).with(new Map(Object.entries(changes)));
        expect(next.canonical()).toBe(canonicalJson({ ...record, ...changes }));
      }),
    );
  });

  test('tell what changed, and nothing else', () => {
    fc.assert(
      fc.property(RECORD, RECORD, (before, after) => {
        const expected = [...new Set([...Object.keys(before), ...Object.keys(after)])]
          .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null))
          .sort();
        const changed = SnapshotEntries.of(after).changedSince(SnapshotEntries.of(before));
        expect(changed.map(({ name }) => name).sort()).toEqual(expected);
      }),
    );
  });

  test('share all but one piece with those before, when one role changed', () => {
    const before = SnapshotEntries.of(bins(16_384));
    const after = before.with(new Map([['bins-1234.json', { version: 2 }]]));
    const shared = after.chunks.filter((chunk) => before.chunks.includes(chunk));
    expect(shared).toHaveLength(before.chunks.length - 1);
  });
});

describe('a snapshot that is read', () => {
  test('is what was written, whatever is known already', () => {
    fc.assert(
      fc.property(RECORD, RECORD, (before, changes) => {
        const known = SnapshotEntries.of(before);
        const next = known.with(new Map(Object.entries(changes)));
        const read = parseSnapshot(textOf(next), known).signed;
        expect(canonicalJson(read)).toBe(canonicalJson(JSON.parse(textOf(next)).signed));
        expect(canonicalJson(parseSnapshot(textOf(next), known, next).signed)).toBe(canonicalJson(read));
        expect(parseSnapshot(textOf(next)).signed.meta.canonical()).toBe(next.canonical());
      }),
    );
  });

  test('shares with what is known all that did not change', () => {
    const known = SnapshotEntries.of(bins(16_384));
    const next = known.with(
      new Map([
        ['bins-0000.json', { version: 2 }],
        ['bins-3fff.json', { version: 2 }],
      ]),
    );
    const { meta } = parseSnapshot(textOf(next), known).signed;
    expect(meta.chunks.filter((chunk) => known.chunks.includes(chunk))).toHaveLength(known.chunks.length - 2);
    expect(meta.changedSince(known).map(({ name }) => name)).toEqual(['bins-0000.json', 'bins-3fff.json']);
  });

  test('is what it was made of, where the text says so', () => {
    const known = SnapshotEntries.of(bins(300));
    const made = known.with(new Map([['bins-0007.json', { version: 2 }]]));
    expect(parseSnapshot(textOf(made), known, made).signed.meta).toBe(made);
    expect(parseSnapshot(textOf(made), SnapshotEntries.NONE, made).signed.meta).toBe(made);
  });

  const chunk = (...members: [name: string, version: number, text: string][]) =>
    new EntryChunk(members.map(([name, version, text]) => ({ name, entry: { version }, text })));
  test.each([
    ['another version', [chunk(['a.json', 1, '"a.json":{"version":2}'])]],
    ['another name', [chunk(['b.json', 1, '"a.json":{"version":1}'])]],
    ['another order', [chunk(['b.json', 1, '"b.json":{"version":1}'], ['a.json', 1, '"a.json":{"version":1}'])]],
    [
      'another order of pieces',
      [chunk(['b.json', 1, '"b.json":{"version":1}']), chunk(['a.json', 1, '"a.json":{"version":1}'])],
    ],
    ['a text that is no entry', [chunk(['a.json', 1, '"a.json":{"length":1}'])]],
  ])('is not what it was made of, where that has %s than its text', (_name, chunks) => {
    const made = SnapshotEntries.ofChunks(chunks);
    let read: unknown;
    try {
      read = parseSnapshot(textOf(made), SnapshotEntries.NONE, made).signed.meta;
    } catch {
      return; // nor is it a snapshot
    }
    expect(read).not.toBe(made);
    expect(canonicalJson(read as SnapshotEntries)).toBe(canonicalJson(JSON.parse(textOf(made)).signed.meta));
  });

  const known = SnapshotEntries.of(bins(300));
  test.each([
    ['spaces within an entry', (text: string) => text.replace('{"version":1}', '{"version": 1}')],
    ['spaces', (text: string) => text.replaceAll('},"', '}, "')],
    [
      'a second meta, which counts',
      (text: string) => text.replace(',"spec_version"', ',"meta":{"bins-0000.json":{"version":9}},"spec_version"'),
    ],
    [
      'a name twice, of which the last counts',
      (text: string) => text.replace('"bins-0001.json":{"version":1}', '"bins-0000.json":{"version":8}'),
    ],
    ['names out of order', (text: string) => text.replace('"bins-0100.json"', '"a.json"')],
    [
      'a piece that is known, twice',
      (text: string) => text.replace(known.chunks[0]?.text ?? '', `${known.chunks[0]?.text},${known.chunks[0]?.text}`),
    ],
    ['fewer entries', (text: string) => text.replace(/"bins-00a0.json":.*"bins-00b0.json"/, '"bins-00b0.json"')],
    ['escaped names', (text: string) => text.replace('"bins-0005.json"', '"bins-000\\u0035.json"')],
  ])('is read as any JSON is: %s', (_name, edit) => {
    const text = edit(textOf(known));
    expect(text).not.toBe(textOf(known));
    expect(parseSnapshot(text, known).signed.meta.canonical()).toBe(canonicalJson(JSON.parse(text).signed.meta));
  });

  test.each([
    ['an entry without version', '{"length":1}'],
    ['an entry that is no object', '1'],
    ['a negative version', '{"version":-1}'],
    ['JSON that is cut off', '{"version":1'],
  ])('is refused: %s', (_name, entry) => {
    const text = textOf(known).replace('"bins-0005.json":{"version":1}', `"bins-0005.json":${entry}`);
    expect(() => parseSnapshot(text, known)).toThrow();
  });
});
