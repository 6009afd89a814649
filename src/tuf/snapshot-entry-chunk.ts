import { canonicalJson } from './canonical-json.js';
import { hasControlCharacters } from './control-characters.js';
import type { MetaFile } from './meta-file.js';

/** An entry of a snapshot with the canonical form that it has there: `"name":{…}`. */
export interface Member {
  readonly name: string;
  readonly entry: MetaFile;
  readonly text: string;
}

export function memberOf(name: string, entry: MetaFile): Member {
  return { name, entry, text: `${canonicalJson(name)}:${canonicalJson(entry)}` };
}

/** Neighbouring entries of a snapshot, at least one. */
export class EntryChunk {
  /** As they stand between the braces. */
  readonly text: string;
  /** Control characters stand in canonical form as they are, which JSON does not allow. */
  readonly isJson: boolean;
  readonly first: string;
  readonly last: string;

  /** @param members in code point order of their names. */
  constructor(readonly members: readonly Member[]) {
    this.text = members.map(({ text }) => text).join(',');
    this.isJson = !hasControlCharacters(this.text);
    this.first = members[0]?.name ?? '';
    this.last = members.at(-1)?.name ?? '';
  }

  get(name: string): MetaFile | undefined {
    for (const member of this.members) if (member.name === name) return member.entry;
    return undefined;
  }
}
