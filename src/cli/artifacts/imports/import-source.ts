import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { usageError } from '../../command-error.js';

export type ImportFormat = 'ndjson' | 'csv';

export const MEDIA_TYPES: Readonly<Record<ImportFormat, string>> = { ndjson: 'application/x-ndjson', csv: 'text/csv' };

const FORMAT_BY_EXTENSION: Readonly<Record<string, ImportFormat>> = { ndjson: 'ndjson', jsonl: 'ndjson', csv: 'csv' };

/** A file to import, or the standard input. */
export interface ImportSource {
  readonly name: string;
  readonly format: ImportFormat;
  readonly isGzipped: boolean;
  /** Bytes; null for the standard input. */
  readonly size: number | null;
  open(): Readable;
}

/** @throws CommandError where a file is not there, or nothing says what is in it. */
export async function importSource(file: string, format: ImportFormat | undefined): Promise<ImportSource> {
  if (file === '-') {
    if (!format) throw usageError('the standard input has no name that tells its format: say --format ndjson or csv');
    return { name: 'standard input', format, isGzipped: false, size: null, open: () => process.stdin };
  }
  const { size } = await stat(file);
  const isGzipped = file.toLowerCase().endsWith('.gz');
  const extension = /\.([a-z]+)(?:\.gz)?$/.exec(file.toLowerCase())?.[1] ?? '';
  const known = format ?? FORMAT_BY_EXTENSION[extension];
  if (!known) throw usageError(`${file} does not say what is in it: name it .ndjson or .csv, or say --format`);
  return { name: file, format: known, isGzipped, size, open: () => createReadStream(file) };
}
