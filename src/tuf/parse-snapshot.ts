import { compareCodePoints } from './canonical-json.js';
import { readInteger, readObject } from './fields.js';
import type { MetaFile, SignedMetadata, Snapshot } from './metadata.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { chunked, SnapshotEntries, sameEntry } from './snapshot-entries.js';
import { EntryChunk, type Member, memberOf } from './snapshot-entry-chunk.js';

/**
 * Reads a snapshot from what clients download. Where its text agrees with `known`, that is not taken apart again: of
 * half a megabyte, a revision changes a line.
 * @param known entries that were read before.
 * @param made entries that the text may have been made of: those are the ones returned, if it says just that.
 * @throws TufError `metadata-malformed`, SyntaxError where it is no JSON.
 */
export function parseSnapshot(
  text: string,
  known: SnapshotEntries = SnapshotEntries.NONE,
  made?: unknown,
): SignedMetadata<Snapshot> {
  const found = entriesIn(text, known, made);
  const value: unknown = JSON.parse(found ? `${text.slice(0, found.start)}{}${text.slice(found.end)}` : text);
  const metadata = parseSignedMetadata(value, 'snapshot') as SignedMetadata<Snapshot>;
  return { ...metadata, signed: { ...metadata.signed, meta: found?.entries ?? entriesOf(metadata.signed.meta) } };
}

function entriesOf(meta: unknown): SnapshotEntries {
  const entries = readObject(meta, 'meta') as Readonly<Record<string, MetaFile>>;
  for (const [name, entry] of Object.entries(entries)) assertEntry(entry, name);
  return SnapshotEntries.of(entries);
}

export function assertEntry(entry: unknown, name: string): void {
  readInteger(readObject(entry, `meta.${name}`).version, `meta.${name}.version`, 0);
}

interface FoundEntries {
  /** From the opening brace to behind the closing one. */
  readonly start: number;
  readonly end: number;
  readonly entries: SnapshotEntries;
}

/** Up to the entries, in the form that this service writes; nothing in it can hide another `meta`. */
const HEAD = /^\{"signatures":\[[^[\]]*\],"signed":\{"_type":"snapshot","expires":"[^"\\]*","meta":/;
const ENTRY = /"([^"\\]+)":(\{(?:[^{}"\\]|"[^"\\]*")*(?:\{(?:[^{}"\\]|"[^"\\]*")*\}(?:[^{}"\\]|"[^"\\]*")*)*\})([,}])/y;

/** Null where the text is not in the form that this service writes: then it is read as any JSON. */
function entriesIn(text: string, known: SnapshotEntries, made: unknown): FoundEntries | null {
  const start = HEAD.exec(text)?.[0].length;
  if (start === undefined || text[start] !== '{') return null;
  const asMade = made instanceof SnapshotEntries ? findAsMade(text, start, made, known) : null;
  return asMade ?? findEntries(text, start, known);
}

/** Null unless the text says what `made` says; of that, only what `known` does not share is taken apart. */
function findAsMade(text: string, start: number, made: SnapshotEntries, known: SnapshotEntries): FoundEntries | null {
  const [shared, others] = [new Set(known.chunks), new Set(made.chunks)];
  const read = new Set(known.chunks.flatMap((chunk) => (others.has(chunk) ? [] : chunk.members)));
  let position = start + 1;
  let last = '';
  for (const chunk of made.chunks) {
    if (!chunk.isJson || !isAt(text, position, chunk.text) || compareCodePoints(last, chunk.first) >= 0) return null;
    if (!shared.has(chunk) && !readsAs(text, position, chunk.members, read)) return null;
    last = chunk.last;
    position += chunk.text.length + 1;
    if (text[position - 1] !== (chunk === made.chunks.at(-1) ? '}' : ',')) return null;
  }
  return last === '' || text.includes('"meta"', position) ? null : { start, end: position, entries: made };
}

/** Whether the members that stand there in the text, one after the other, are read from it as what they are. */
function readsAs(text: string, start: number, members: readonly Member[], read: ReadonlySet<Member>): boolean {
  let [position, last] = [start, ''];
  return members.every((member) => {
    if (compareCodePoints(last, member.name) >= 0) return false;
    if (!read.has(member) && !isSame(readMember(text, position), member)) return false;
    last = member.name;
    position += member.text.length + 1;
    return true;
  });
}

function findEntries(text: string, start: number, known: SnapshotEntries): FoundEntries | null {
  const chunks: EntryChunk[] = [];
  let position = start + 1;
  let changed: Member[] = [];
  let last = '';
  for (const chunk of [...known.chunks.filter(({ isJson }) => isJson), null]) {
    if (chunk && isAt(text, position, chunk.text) && compareCodePoints(last, chunk.first) < 0) {
      chunks.push(...chunked(changed), chunk);
      changed = [];
      last = chunk.last;
      position += chunk.text.length;
      const end = text[position];
      position += 1;
      if (end === ',') continue;
      return end === '}' ? foundUpTo(text, start, position, chunks) : null;
    }
    const members = chunk?.members ?? [];
    for (let ahead = 0; ; ) {
      const next = members[ahead];
      const member = next && standsAt(text, position, next.text) ? next : readMember(text, position);
      // In order, and so without a name that comes twice.
      if (!member || compareCodePoints(last, member.name) >= 0) return null;
      changed.push(member);
      last = member.name;
      position += member.text.length + 1;
      if (text[position - 1] === '}') return foundUpTo(text, start, position, [...chunks, ...chunked(changed)]);
      while (ahead < members.length && compareCodePoints((members[ahead] as Member).name, last) <= 0) ahead += 1;
      if (chunk && ahead === members.length) break;
    }
  }
  return null;
}

function isSame(read: Member | null, made: Member): boolean {
  return read?.name === made.name && read.text === made.text && sameEntry(read.entry, made.entry);
}

/** As `startsWith`, which compares character by character and takes twenty times as long. */
function isAt(text: string, position: number, part: string): boolean {
  return text.slice(position, position + part.length) === part;
}

function standsAt(text: string, position: number, member: string): boolean {
  const end = text[position + member.length];
  return (end === ',' || end === '}') && isAt(text, position, member);
}

function readMember(text: string, position: number): Member | null {
  ENTRY.lastIndex = position;
  const [whole, name, entry] = ENTRY.exec(text) ?? [];
  if (!whole || !name || !entry) return null;
  const member = memberOf(name, parseEntry(entry, name));
  return member.text === whole.slice(0, -1) ? member : null;
}

function foundUpTo(text: string, start: number, end: number, chunks: readonly EntryChunk[]): FoundEntries | null {
  if (text.includes('"meta"', end)) return null; // of two of one name, the last one counts
  return { start, end, entries: SnapshotEntries.ofChunks(chunks) };
}

function parseEntry(text: string, name: string): MetaFile {
  const entry: unknown = JSON.parse(text);
  assertEntry(entry, name);
  return entry as MetaFile;
}
