import { type CsvRecord, CsvRecords } from './csv-records.js';
import { type GivenLine, type LineReader, malformed } from './given-line.js';
import { ImportInterruption } from './import-interruption.js';

export const REQUIRED_COLUMNS = ['path', 'length', 'sha256'] as const;
export const OPTIONAL_COLUMNS = ['sha512', 'custom'] as const;
type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

const COLUMNS: readonly Column[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

/** CSV whose first record names the columns. Lines are numbered as an editor does, by where a record begins. */
export class CsvLines implements LineReader {
  private readonly records = new CsvRecords();
  private columns: readonly Column[] | null = null;

  get lastLine(): number {
    return this.records.lastLine;
  }

  /** @throws ImportInterruption when the first record does not name the columns. */
  read(piece: Buffer): GivenLine[] {
    return this.described(this.records.read(piece));
  }

  end(): GivenLine[] {
    return this.described(this.records.end());
  }

  private described(records: readonly CsvRecord[]): GivenLine[] {
    const [first, ...others] = records;
    if (!first) return [];
    if (this.columns) return records.map((record) => described(record, this.columns ?? []));
    const columns = columnsOf(first);
    this.columns = columns;
    return others.map((record) => described(record, columns));
  }
}

function columnsOf(record: CsvRecord): Column[] {
  const names = 'code' in record ? [] : record.fields;
  const columns = names.flatMap((name) => COLUMNS.find((column) => column === name) ?? []);
  const areAll = columns.length === names.length && new Set(columns).size === columns.length;
  if (areAll && REQUIRED_COLUMNS.every((column) => columns.includes(column))) return columns;
  const rule = `the first line must name the columns ${REQUIRED_COLUMNS.join(', ')}, and no others but ${OPTIONAL_COLUMNS.join(', ')}`;
  throw new ImportInterruption('body-broken', rule);
}

function described(record: CsvRecord, columns: readonly Column[]): GivenLine {
  if ('code' in record) return record;
  const { line, fields } = record;
  if (fields.length !== columns.length) {
    return malformed(line, `the line has ${fields.length} fields, and there are ${columns.length} columns`);
  }
  const given = new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  const [sha256, sha512, custom] = [given.get('sha256'), given.get('sha512'), given.get('custom')];
  const value = {
    path: given.get('path'),
    length: lengthOf(given.get('length') ?? ''),
    hashes: { ...(sha256 && { sha256 }), ...(sha512 && { sha512 }) },
  };
  if (!custom) return { line, value };
  try {
    return { line, value: { ...value, custom: JSON.parse(custom) } };
  } catch {
    return { ...malformed(line, 'custom is not JSON'), path: value.path ?? null };
  }
}

/** As a number where it is written as one; the rest is for the core to refuse. */
function lengthOf(text: string): number | string {
  return /^\d{1,16}$/.test(text) ? Number(text) : text;
}
