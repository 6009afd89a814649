import { canonicalJson } from './canonical-json.js';
import type { MetaFile } from './metadata.js';

/** Neighbouring entries of a snapshot, at least one, with the canonical form they have in it. */
export class EntryChunk {
  /** `"name":{…},"name":{…}`, as they stand between the braces. */
  readonly text: string;
  private byName: ReadonlyMap<string, MetaFile> | null = null;

  /** @param entries in code point order of their names. */
  constructor(readonly entries: readonly (readonly [string, MetaFile])[]) {
    this.text = entries.map(([name, entry]) => `${canonicalJson(name)}:${canonicalJson(entry)}`).join(',');
  }

  get first(): string {
    return this.entries[0]?.[0] ?? '';
  }

  get last(): string {
    return this.entries.at(-1)?.[0] ?? '';
  }

  get(name: string): MetaFile | undefined {
    this.byName ??= new Map(this.entries);
    return this.byName.get(name);
  }
}
