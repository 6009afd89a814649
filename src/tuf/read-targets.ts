import { hasControlCharacters } from './control-characters.js';
import { readObject } from './fields.js';
import type { ListedFiles, SignedMetadata, Targets } from './metadata.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { TargetFiles } from './target-files.js';

/** A bin up to its artifacts, in the form that this service writes; nothing in it can hide other `targets`. */
const HEAD =
  /^\{"signatures":\[[^[\]]*\],"signed":\{"_type":"targets","expires":"[^"\\]*","spec_version":"[^"\\]*","targets":/;
const TAIL = /^,"version":[1-9]\d*\}\}$/;

/**
 * Reads targets metadata from what clients download: what the specification (4.5) says of the envelope and the common
 * fields is checked, and that it lists artifacts at all.
 * @param known what may be listed still, and was read before: its text is compared, and not taken apart again.
 * @param made what the text may have been made of: that is returned, if the text says just that.
 * @throws TufError `metadata-malformed`, SyntaxError where it is no JSON.
 */
export function readTargets(
  text: string,
  field = 'targets',
  known?: ListedFiles,
  made?: ListedFiles,
): SignedMetadata<Targets> {
  const bin = readBin(text, known, made);
  const metadata = parseSignedMetadata(bin ? bin.rest : JSON.parse(text), 'targets', field) as SignedMetadata<Targets>;
  if (bin) return { ...metadata, signed: { ...metadata.signed, targets: bin.files } };
  readObject(metadata.signed.targets, 'targets');
  return metadata;
}

interface Bin {
  readonly files: TargetFiles;
  /** The metadata without them. */
  readonly rest: unknown;
}

/** Null where the text is not in the form in which this service writes bins: then it is read as any JSON. */
function readBin(text: string, known: ListedFiles | undefined, made: ListedFiles | undefined): Bin | null {
  const start = HEAD.exec(text)?.[0].length;
  if (start === undefined || hasControlCharacters(text)) return null;
  const found =
    foundAgain(text, start, known) ?? foundAsMade(text, start, known, made) ?? TargetFiles.read(text, start);
  const tail = found && text.slice(found.end);
  if (!found || !tail || !TAIL.test(tail)) return null;
  return { rest: JSON.parse(`${text.slice(0, start)}{}${tail}`), files: found.files };
}

function foundAgain(text: string, start: number, known: ListedFiles | undefined) {
  if (!(known instanceof TargetFiles) || !text.startsWith(known.canonical(), start)) return null;
  return { files: known, end: start + known.canonical().length };
}

function foundAsMade(text: string, start: number, known: ListedFiles | undefined, made: ListedFiles | undefined) {
  if (!(made instanceof TargetFiles) || !(known instanceof TargetFiles)) return null;
  return made.readsAsWritten(known) ? foundAgain(text, start, made) : null;
}
