import { hasControlCharacters } from './control-characters.js';
import { readObject } from './fields.js';
import type { SignedMetadata, Targets } from './metadata.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { TargetFiles } from './target-files.js';

/** A bin up to its artifacts, in the form that this service writes; nothing in it can hide other `targets`. */
const HEAD =
  /^\{"signatures":\[[^[\]]*\],"signed":\{"_type":"targets","expires":"[^"\\]*","spec_version":"[^"\\]*","targets":/;
const TAIL = /^,"version":[1-9]\d*\}\}$/;

/**
 * Reads targets metadata from what clients download: what the specification (4.5) says of the envelope and the common
 * fields is checked, and that it lists artifacts at all.
 * @throws TufError `metadata-malformed`, SyntaxError where it is no JSON.
 */
export function readTargets(text: string, field = 'targets'): SignedMetadata<Targets> {
  const bin = readBin(text);
  const metadata = parseSignedMetadata(bin ? bin.rest : JSON.parse(text), 'targets', field) as SignedMetadata<Targets>;
  if (bin) return { ...metadata, signed: { ...metadata.signed, targets: bin.files } };
  readObject(metadata.signed.targets, 'targets');
  return metadata;
}

/** Null where the text is not in the form in which this service writes bins: then it is read as any JSON. */
function readBin(text: string): { readonly rest: unknown; readonly files: TargetFiles } | null {
  const start = HEAD.exec(text)?.[0].length;
  if (start === undefined || hasControlCharacters(text)) return null;
  const found = TargetFiles.read(text, start);
  const tail = found && text.slice(found.end);
  if (!found || !tail || !TAIL.test(tail)) return null;
  return { rest: JSON.parse(`${text.slice(0, start)}{}${tail}`), files: found.files };
}
