import type { ArtifactPath } from './artifact.js';
import { canonicalJson } from './canonical-json.js';

/** An artifact in the text of a targets role: `"path":{…}`. */
export interface FoundMember {
  readonly path: ArtifactPath;
  /** Where its file starts. */
  readonly file: number;
  /** Behind it. */
  readonly end: number;
}

/** As most are: without `custom`, and of a length that is safe to write. */
const PLAIN_MEMBER =
  /"[^"\\]+":\{"hashes":\{"sha256":"[0-9a-f]{64}"(?:,"sha512":"[0-9a-f]{128}")?\},"length":(?:0|[1-9][0-9]{0,14})\}/y;
const NAME = /"(?:[^"\\]|\\["\\])*":/y;
const BRACE_OR_STRING = /[{}]|"(?:[^"\\]|\\.)*"/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u001f]/g;

/** The member that starts there; null unless it is in canonical form and JSON, both. */
export function memberAt(text: string, position: number): FoundMember | null {
  PLAIN_MEMBER.lastIndex = position;
  if (!PLAIN_MEMBER.test(text)) return otherMemberAt(text, position);
  const nameEnd = text.indexOf('"', position + 1);
  return { path: text.slice(position + 1, nameEnd) as ArtifactPath, file: nameEnd + 2, end: PLAIN_MEMBER.lastIndex };
}

function otherMemberAt(text: string, position: number): FoundMember | null {
  NAME.lastIndex = position;
  const [name] = NAME.exec(text) ?? [];
  if (!name) return null;
  const file = position + name.length;
  const end = endOfObject(text, file);
  if (end === null) return null;
  const path = canonicalText(name.slice(0, -1));
  return typeof path === 'string' && canonicalText(text.slice(file, end)) !== undefined
    ? { path: path as ArtifactPath, file, end }
    : null;
}

function endOfObject(text: string, start: number): number | null {
  if (text[start] !== '{') return null;
  BRACE_OR_STRING.lastIndex = start;
  for (let depth = 0; ; ) {
    const [found] = BRACE_OR_STRING.exec(text) ?? [];
    if (!found) return null;
    if (found === '{') depth += 1;
    else if (found === '}') depth -= 1;
    if (depth === 0) return BRACE_OR_STRING.lastIndex;
  }
}

/** What a text says, if it is JSON and the canonical form of that; else undefined. */
function canonicalText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads canonical JSON, in which control characters stand as they are. */
export function parseCanonical(text: string): unknown {
  return JSON.parse(
    text.replace(CONTROL_CHARACTERS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
