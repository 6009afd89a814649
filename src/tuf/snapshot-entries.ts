import { CanonicalValue, canonicalJson, compareCodePoints, sortedByCodePoint } from './canonical-json.js';
import { LastComparison } from './last-comparison.js';
import type { MetaFile } from './meta-file.js';
import { EntryChunk, type Member, memberOf } from './snapshot-entry-chunk.js';

/** Entries to a chunk: a few more are copied for each role that changes, a few less for each that does not. */
const CHUNK_ENTRIES = 32;
const SURROGATE = /[\ud800-\udfff]/;

/** An entry that is not the same in two snapshots; undefined where one of them lacks it. */
export interface ChangedEntry {
  readonly name: string;
  readonly before: MetaFile | undefined;
  readonly after: MetaFile | undefined;
}

/**
 * What a snapshot says of every targets role, by file name (specification 4.4, META). With 16,384 bins that is half a
 * megabyte of which a revision changes a line, so it is kept in sorted chunks, each with its canonical form: the next
 * snapshot shares those that did not change. Immutable.
 */
export class SnapshotEntries extends CanonicalValue {
  private text: string | null = null;
  private readonly comparison = new LastComparison<SnapshotEntries, readonly ChangedEntry[]>();

  private constructor(readonly chunks: readonly EntryChunk[]) {
    super();
  }

  static readonly NONE = new SnapshotEntries([]);

  static of(entries: Readonly<Record<string, MetaFile>>): SnapshotEntries {
    const names = sortedByCodePoint(Object.keys(entries));
    return new SnapshotEntries(chunked(names.map((name) => memberOf(name, entries[name] as MetaFile))));
  }

  static ofChunks(chunks: readonly EntryChunk[]): SnapshotEntries {
    return new SnapshotEntries(chunks);
  }

  get size(): number {
    return this.chunks.reduce((sum, { members }) => sum + members.length, 0);
  }

  get(name: string): MetaFile | undefined {
    return this.chunks[this.positionFor(name)]?.get(name);
  }

  *[Symbol.iterator](): Generator<readonly [string, MetaFile]> {
    for (const { members } of this.chunks) for (const { name, entry } of members) yield [name, entry];
  }

  /** With each entry in the place of the one of its name. */
  with(changes: ReadonlyMap<string, MetaFile>): SnapshotEntries {
    const byChunk = new Map<number, Member[]>();
    for (const [name, entry] of changes) {
      const position = this.positionFor(name);
      const together = byChunk.get(position);
      if (together) together.push(memberOf(name, entry));
      else byChunk.set(position, [memberOf(name, entry)]);
    }
    if (this.chunks.length === 0) return new SnapshotEntries(chunked(merged([], byChunk.get(0) ?? [])));
    return new SnapshotEntries(
      this.chunks.flatMap((chunk, position) => {
        const changed = byChunk.get(position);
        return changed ? chunked(merged(chunk.members, changed)) : [chunk];
      }),
    );
  }

  /** Every entry that differs, by looking only at what the two do not share. */
  changedSince(before: SnapshotEntries): readonly ChangedEntry[] {
    return this.comparison.with(before, () => this.entriesChangedSince(before));
  }

  // Both are in order, and what did not change is mostly the same object.
  private entriesChangedSince(before: SnapshotEntries): ChangedEntry[] {
    const [earlier, later] = [membersWithout(before.chunks, this.chunks), membersWithout(this.chunks, before.chunks)];
    const changed: ChangedEntry[] = [];
    for (let [left, right] = [0, 0]; left < earlier.length || right < later.length; ) {
      const [old, next] = [earlier[left], later[right]];
      const order = old === next ? 0 : orderOf(old, next);
      if (order === 0 && old && next && !sameEntry(old.entry, next.entry))
        changed.push({ name: next.name, before: old.entry, after: next.entry });
      if (order < 0 && old) changed.push({ name: old.name, before: old.entry, after: undefined });
      if (order > 0 && next) changed.push({ name: next.name, before: undefined, after: next.entry });
      if (order <= 0) left += 1;
      if (order >= 0) right += 1;
    }
    return changed;
  }

  override canonical(): string {
    this.text ??= `{${this.chunks.map((chunk) => chunk.text).join(',')}}`;
    return this.text;
  }

  /** As `JSON.stringify` asks for it. */
  toJSON(): Record<string, MetaFile> {
    return Object.fromEntries(this);
  }

  /** The chunk that holds a name or would hold it: the last one that does not start after it. */
  private positionFor(name: string): number {
    const isAfter = SURROGATE.test(name) || this.hasSurrogates ? isAfterByCodePoint : isAfterByUnit;
    let [low, high] = [0, this.chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (isAfter((this.chunks[middle] as EntryChunk).first, name)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  private get hasSurrogates(): boolean {
    this.surrogates ??= this.chunks.some(({ first }) => SURROGATE.test(first));
    return this.surrogates;
  }

  private surrogates: boolean | null = null;
}

/** The same order as by code point, and faster, unless a name has characters beyond U+FFFF. */
function isAfterByUnit(left: string, right: string): boolean {
  return left > right;
}

function isAfterByCodePoint(left: string, right: string): boolean {
  return compareCodePoints(left, right) > 0;
}

export function chunked(members: readonly Member[]): EntryChunk[] {
  if (members.length === 0) return [];
  const count = Math.ceil(members.length / CHUNK_ENTRIES);
  const size = Math.ceil(members.length / count);
  return Array.from({ length: Math.ceil(members.length / size) }, (_, index) => {
    return new EntryChunk(members.slice(index * size, (index + 1) * size));
  });
}

function merged(members: readonly Member[], changed: readonly Member[]): Member[] {
  const added = new Map(changed.map((member) => [member.name, member]));
  const next = members.map((member) => {
    const instead = added.get(member.name);
    if (instead) added.delete(member.name);
    return instead ?? member;
  });
  return added.size === 0 ? next : [...next, ...added.values()].sort(orderOf);
}

/** Of members by their names, those that there are before those that there are not. */
function orderOf(left: Member | undefined, right: Member | undefined): number {
  if (!left || !right) return left ? -1 : 1;
  return compareCodePoints(left.name, right.name);
}

export function sameEntry(left: MetaFile, right: MetaFile): boolean {
  if (left === right) return true;
  return left.version === right.version && canonicalJson(left) === canonicalJson(right);
}

function membersWithout(chunks: readonly EntryChunk[], others: readonly EntryChunk[]): Member[] {
  const shared = new Set(others);
  return chunks.flatMap((chunk) => (shared.has(chunk) ? [] : chunk.members));
}
