import type { ArtifactPath, TargetFile } from './artifact.js';
import { CanonicalValue, canonicalJson, compareCodePoints, sortedByCodePoint } from './canonical-json.js';
import { LastComparison } from './last-comparison.js';
import { type FoundMember, memberAt, parseCanonical } from './target-file-member.js';

/** One path that two lists do not say the same of. */
export interface ChangedFile {
  readonly path: ArtifactPath;
  readonly isNew: boolean;
}

/**
 * What a bin lists (specification 4.5, TARGETS), as the canonical JSON that is signed: a revision changes a line of some
 * sixty and copies the others as they stand, and thousands of bins are a few long texts instead of millions of objects.
 * Paths are in code point order. Immutable.
 */
export class TargetFiles extends CanonicalValue {
  /**
   * @param text with its braces.
   * @param places of each member in the text, two numbers: where it starts, and where its file does.
   */
  private constructor(
    private readonly text: string,
    private readonly places: readonly number[],
  ) {
    super();
  }

  /** One path is asked for several times in a row. */
  private asked: { readonly path: string; readonly file: TargetFile | null } | null = null;
  private readonly comparison = new LastComparison<TargetFiles, readonly ChangedFile[]>();

  static readonly NONE = new TargetFiles('{}', []);

  static of(files: Readonly<Record<ArtifactPath, TargetFile>>): TargetFiles {
    return TargetFiles.NONE.with(new Map(Object.entries(files) as [ArtifactPath, TargetFile][]));
  }

  /**
   * Reads the list that starts at `start` of a text.
   * @returns it, and the place behind it; null unless it is JSON and canonical, both: then it has to be read as any JSON.
   */
  static read(text: string, start: number): { readonly files: TargetFiles; readonly end: number } | null {
    if (text[start] !== '{') return null;
    if (text[start + 1] === '}') return { files: TargetFiles.NONE, end: start + 2 };
    const places: number[] = [];
    let member: FoundMember | null = null;
    for (let position = start + 1; ; position = member.end + 1) {
      const previous: FoundMember | null = member;
      member = memberAt(text, position);
      // In order, and so without a path that comes twice.
      if (!member || (previous && compareCodePoints(previous.path, member.path) >= 0)) return null;
      places.push(position - start, member.file - start);
      const behind = text[member.end];
      if (behind === ',') continue;
      if (behind !== '}') return null;
      const end = member.end + 1;
      return { files: new TargetFiles(text.slice(start, end), places), end };
    }
  }

  get size(): number {
    return this.places.length / 2;
  }

  get(path: string): TargetFile | null {
    if (path !== this.asked?.path) this.asked = { path, file: this.find(path) };
    return this.asked.file;
  }

  private find(path: string): TargetFile | null {
    const index = this.indexFor(path);
    if (index === this.size || this.pathAt(index) !== path) return null;
    return parseCanonical(this.text.slice(this.places[2 * index + 1], this.endOf(index))) as TargetFile;
  }

  /** In code point order. */
  paths(): ArtifactPath[] {
    return Array.from({ length: this.size }, (_, index) => this.pathAt(index));
  }

  /** With each path's file in its place, or without it where that is null. */
  with(edits: ReadonlyMap<ArtifactPath, TargetFile | null>): TargetFiles {
    const copy = new Copy(this.text);
    let next = 0;
    for (const path of sortedByCodePoint([...edits.keys()]) as ArtifactPath[]) {
      const index = this.indexFor(path, next);
      copy.members(this.places, next, index, this.endOf(index - 1));
      const file = edits.get(path);
      if (file) copy.add(canonicalJson(path), canonicalJson(file));
      next = index < this.size && this.pathAt(index) === path ? index + 1 : index;
    }
    copy.members(this.places, next, this.size, this.endOf(this.size - 1));
    return copy.places.length === 0 ? TargetFiles.NONE : new TargetFiles(`{${copy.parts.join(',')}}`, copy.places);
  }

  /** What this list says otherwise than an earlier one, by comparing their texts. */
  changedSince(before: TargetFiles): readonly ChangedFile[] {
    return this.comparison.with(before, () => this.filesChangedSince(before));
  }

  /** Whether what is not in `known` is read from the text as what it was written as. */
  readsAsWritten(known: TargetFiles): boolean {
    return this.changedSince(known).every(({ path }) => {
      const index = this.indexFor(path);
      if (index === this.size || this.pathAt(index) !== path) return true; // it is gone
      const member = memberAt(this.text, this.places[2 * index] ?? 0);
      const isSame = member?.path === path && member.file === this.places[2 * index + 1];
      return isSame && member.end === this.endOf(index) && this.isInOrder(index);
    });
  }

  private isInOrder(index: number): boolean {
    const path = this.pathAt(index);
    const isAfterPrevious = index === 0 || compareCodePoints(this.pathAt(index - 1), path) < 0;
    return isAfterPrevious && (index + 1 === this.size || compareCodePoints(path, this.pathAt(index + 1)) < 0);
  }

  private filesChangedSince(before: TargetFiles): ChangedFile[] {
    const changed: ChangedFile[] = [];
    let [earlier, later] = [0, 0];
    while (earlier < before.size || later < this.size) {
      if (earlier < before.size && later < this.size && this.hasAt(later, before, earlier)) {
        earlier += 1;
        later += 1;
        continue;
      }
      const order = this.orderAt(later, before, earlier);
      changed.push(
        order > 0 ? { path: before.pathAt(earlier), isNew: false } : { path: this.pathAt(later), isNew: order < 0 },
      );
      if (order >= 0) earlier += 1;
      if (order <= 0) later += 1;
    }
    return changed;
  }

  override canonical(): string {
    return this.text;
  }

  /** As `JSON.stringify` asks for it. */
  toJSON(): Record<ArtifactPath, TargetFile> {
    return parseCanonical(this.text) as Record<ArtifactPath, TargetFile>;
  }

  /** The place of a path among the paths from `low` on, or where it would be. */
  private indexFor(path: string, low = 0): number {
    let [from, to] = [low, this.size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (compareCodePoints(this.pathAt(middle), path) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private orderAt(later: number, before: TargetFiles, earlier: number): number {
    if (later === this.size) return 1;
    return earlier === before.size ? -1 : compareCodePoints(this.pathAt(later), before.pathAt(earlier));
  }

  private pathAt(index: number): ArtifactPath {
    const [start = 0, file = 0] = [this.places[2 * index], this.places[2 * index + 1]];
    const written = this.text.slice(start + 1, file - 2);
    return (written.includes('\\') ? written.replace(/\\(.)/g, '$1') : written) as ArtifactPath;
  }

  private hasAt(index: number, other: TargetFiles, place: number): boolean {
    return this.textAt(index) === other.textAt(place) && this.nameLengthAt(index) === other.nameLengthAt(place);
  }

  private nameLengthAt(index: number): number {
    return (this.places[2 * index + 1] ?? 0) - (this.places[2 * index] ?? 0);
  }

  private textAt(index: number): string {
    return this.text.slice(this.places[2 * index], this.endOf(index));
  }

  /** Behind the member. */
  private endOf(index: number): number {
    return (this.places[2 * index + 2] ?? this.text.length) - 1;
  }
}

/** A list that is put together from another one's text. */
class Copy {
  readonly parts: string[] = [];
  readonly places: number[] = [];
  /** Where the next part starts, behind the opening brace. */
  private position = 1;

  constructor(private readonly text: string) {}

  /** Those from `first` up to before `last`. */
  members(places: readonly number[], first: number, last: number, end: number): void {
    const start = places[2 * first];
    if (first >= last || start === undefined) return;
    const shift = this.position - start;
    for (let place = 2 * first; place < 2 * last; place += 1) this.places.push((places[place] ?? 0) + shift);
    this.append(this.text.slice(start, end));
  }

  add(path: string, file: string): void {
    this.places.push(this.position, this.position + path.length + 1);
    this.append(`${path}:${file}`);
  }

  private append(part: string): void {
    this.parts.push(part);
    this.position += part.length + 1;
  }
}
