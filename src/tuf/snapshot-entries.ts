import { CanonicalValue, canonicalJson, compareCodePoints, sortedByCodePoint } from './canonical-json.js';
import type { MetaFile } from './metadata.js';
import { EntryChunk } from './snapshot-entry-chunk.js';

/** Entries to a chunk: a few more are copied for each role that changes, a few less for each that does not. */
const CHUNK_ENTRIES = 32;

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

  private constructor(readonly chunks: readonly EntryChunk[]) {
    super();
  }

  static readonly NONE = new SnapshotEntries([]);

  static of(entries: Readonly<Record<string, MetaFile>>): SnapshotEntries {
    const names = sortedByCodePoint(Object.keys(entries));
    return SnapshotEntries.inOrder(names.map((name) => [name, entries[name] as MetaFile]));
  }

  /** @param entries in code point order of their names. */
  static inOrder(entries: readonly (readonly [string, MetaFile])[]): SnapshotEntries {
    return new SnapshotEntries(chunked(entries));
  }

  static ofChunks(chunks: readonly EntryChunk[]): SnapshotEntries {
    return new SnapshotEntries(chunks);
  }

  get(name: string): MetaFile | undefined {
    return this.chunks[this.positionFor(name)]?.get(name);
  }

  /** The entry of that name if it has this text, so that it is known by its identity to be the same. */
  withText(name: string, text: string): MetaFile | undefined {
    const entry = this.get(name);
    return entry && canonicalJson(entry) === text ? entry : undefined;
  }

  *[Symbol.iterator](): Generator<readonly [string, MetaFile]> {
    for (const { entries } of this.chunks) yield* entries;
  }

  /** With each entry in the place of the one of its name. */
  with(changes: ReadonlyMap<string, MetaFile>): SnapshotEntries {
    const byChunk = new Map<number, [string, MetaFile][]>();
    for (const [name, entry] of changes) {
      const position = this.positionFor(name);
      const together = byChunk.get(position);
      if (together) together.push([name, entry]);
      else byChunk.set(position, [[name, entry]]);
    }
    const chunks = [...this.chunks];
    for (const [position, entries] of [...byChunk].reverse().sort(([left], [right]) => right - left)) {
      const merged = new Map([...(chunks[position]?.entries ?? []), ...entries]);
      const inOrder = sortedByCodePoint([...merged.keys()]).map(
        (name) => [name, merged.get(name) as MetaFile] as const,
      );
      chunks.splice(position, 1, ...chunked(inOrder));
    }
    return new SnapshotEntries(chunks);
  }

  /** Every entry that differs, by looking only at what the two do not share. */
  changedSince(before: SnapshotEntries): ChangedEntry[] {
    const earlier = new Map(entriesWithout(before.chunks, this.chunks));
    const later = new Map(entriesWithout(this.chunks, before.chunks));
    const changed: ChangedEntry[] = [];
    for (const [name, after] of later) {
      const entry = earlier.get(name);
      if (!entry || !isSame(entry, after)) changed.push({ name, before: entry, after });
    }
    for (const [name, entry] of earlier) {
      if (!later.has(name)) changed.push({ name, before: entry, after: undefined });
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
    let [low, high] = [0, this.chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareCodePoints((this.chunks[middle] as EntryChunk).first, name) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function isSame(left: MetaFile, right: MetaFile): boolean {
  if (left === right) return true;
  return left.version === right.version && canonicalJson(left) === canonicalJson(right);
}

function entriesWithout(chunks: readonly EntryChunk[], others: readonly EntryChunk[]) {
  const shared = new Set(others);
  return chunks.flatMap((chunk) => (shared.has(chunk) ? [] : chunk.entries));
}

function chunked(entries: readonly (readonly [string, MetaFile])[]): EntryChunk[] {
  const count = Math.ceil(entries.length / CHUNK_ENTRIES);
  const size = Math.ceil(entries.length / count);
  return Array.from({ length: count }, (_, index) => new EntryChunk(entries.slice(index * size, (index + 1) * size)));
}
