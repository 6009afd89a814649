import type { LineRefusal } from '../../database/artifact-import.js';

/** A line as it was read: the description of an artifact, not checked yet, or why it cannot be one. */
export type GivenLine = { readonly line: number; readonly value: unknown } | LineRefusal;

/** Cuts the bytes of an import into lines, whatever pieces they come in. */
export interface LineReader {
  /** The number of the last line that was read. */
  readonly lastLine: number;
  /** The lines that end in this piece. */
  read(piece: Buffer): GivenLine[];
  /** The last line, where no line break ends it. */
  end(): GivenLine[];
}

/** Bytes, without the line break: room for an artifact with as much as may be in it, escaped. */
export const MAXIMUM_LINE_BYTES = 524_288;

export function malformed(line: number, detail: string): LineRefusal {
  return { line, path: null, code: 'line-malformed', detail };
}

export function tooLong(line: number): LineRefusal {
  return { line, path: null, code: 'line-too-long', detail: `a line may have up to ${MAXIMUM_LINE_BYTES} bytes` };
}
