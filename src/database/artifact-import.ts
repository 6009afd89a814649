import type { Outcome } from '../tuf/change.js';
import type { TufErrorCode } from '../tuf/errors.js';

export type ImportFormat = 'ndjson' | 'csv';

/** Asks for the artifacts of a stream; those are kept apart from the task, and go into revisions slice by slice. */
export interface ImportRequest {
  readonly kind: 'import-artifacts';
  readonly format: ImportFormat;
}

export type LineRefusalCode = 'path-not-allowed' | TufErrorCode | 'line-malformed' | 'line-too-long';

/** Why a line does not go in. */
export interface LineRefusal {
  readonly line: number;
  /** Where the line has one that can be told. */
  readonly path: string | null;
  readonly code: LineRefusalCode;
  readonly detail: string;
}

export interface ImportProgress {
  readonly linesRead: number;
  readonly accepted: number;
  readonly refused: number;
  readonly published: number;
}

/** What became of the lines that were accepted; together they are all of those. */
export interface ImportedLines {
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly awaitingSignatures: number;
  /** Lines before the last one for the same path. */
  readonly repeated: number;
  /** Lines for paths that were changed by what was asked after the import. */
  readonly overtaken: number;
}

/** What became of a task: of a change, or of an import, which has counts in place of a list. */
export interface TaskOutcome extends Omit<Outcome, 'refusal'> {
  readonly refusal?: { readonly code: TufErrorCode | 'import-interrupted'; readonly detail: string };
  readonly lines?: ImportedLines;
}
