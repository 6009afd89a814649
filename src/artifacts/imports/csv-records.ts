import { parse } from 'csv-parse/sync';
import type { LineRefusal } from '../../database/artifact-import.js';
import { MAXIMUM_LINE_BYTES, malformed } from './given-line.js';
import { type TextLine, TextLines } from './text-lines.js';

/** A record of CSV (RFC 4180), and the line on which it begins. */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[] } | LineRefusal;

interface Text {
  readonly line: number;
  readonly text: string;
}

const QUOTE = '"';

/**
 * Cuts bytes into records of CSV; empty lines are left out. Lines without quotes are cut at their commas, which is all
 * that most imports need; a quote that is never closed costs the line that opens it, and no other.
 */
export class CsvRecords {
  private readonly lines = new TextLines();
  /** The lines of a record whose last quote is open yet. */
  private open: Text[] = [];
  private openLength = 0;

  get lastLine(): number {
    const [open] = this.open;
    return open ? open.line - 1 : this.lines.lastLine;
  }

  read(piece: Buffer): CsvRecord[] {
    return recordsOf(this.lines.read(piece).flatMap((line) => this.complete(line)));
  }

  end(): CsvRecord[] {
    const last = this.lines.end().flatMap((line) => this.complete(line));
    return recordsOf([...last, ...this.giveUpOpen()]);
  }

  /** The records that end with this line. */
  private complete(line: TextLine): TextLine[] {
    if ('code' in line) return [...this.giveUpOpen(), line];
    const closesOrOpens = line.text.includes(QUOTE) && line.text.split(QUOTE).length % 2 === 0;
    if (this.open.length === 0 && !closesOrOpens) return [line];
    this.open.push(line);
    this.openLength += line.text.length + 1;
    const [first] = this.open;
    if (first && this.open.length > 1 && closesOrOpens) {
      const text = this.open.map((part) => part.text).join('\n');
      this.closeRecord();
      return [{ line: first.line, text }];
    }
    return this.openLength > MAXIMUM_LINE_BYTES ? this.giveUpOpen() : [];
  }

  // No line after the first one has an open quote of its own: it would have closed the record.
  private giveUpOpen(): TextLine[] {
    const [first, ...others] = this.open;
    this.closeRecord();
    return first ? [malformed(first.line, 'a quote is opened and not closed'), ...others] : [];
  }

  private closeRecord(): void {
    this.open = [];
    this.openLength = 0;
  }
}

function recordsOf(lines: readonly TextLine[]): CsvRecord[] {
  const given = lines.filter((line) => 'code' in line || line.text.trim() !== '');
  const quoted = given.filter((line): line is Text => !('code' in line) && line.text.includes(QUOTE));
  const parsed = parsedTogether(quoted) ?? parsedOneByOne(quoted);
  return given.map((line) => {
    if ('code' in line) return line;
    return parsed.get(line) ?? { line: line.line, fields: withoutReturn(line.text).split(',') };
  });
}

// One call for all of them takes a fraction of the time, but fails as a whole.
function parsedTogether(quoted: readonly Text[]): Map<Text, CsvRecord> | null {
  try {
    const records = parseCsv(quoted.map(({ text }) => withoutReturn(text)).join('\n'));
    if (records.length !== quoted.length) return null;
    return new Map(quoted.map((text, index) => [text, { line: text.line, fields: records[index] ?? [] }]));
  } catch {
    return null;
  }
}

function parsedOneByOne(quoted: readonly Text[]): Map<Text, CsvRecord> {
  return new Map(quoted.map((text) => [text, parsedAlone(text)]));
}

function parsedAlone({ line, text }: Text): CsvRecord {
  try {
    const [fields, ...others] = parseCsv(withoutReturn(text));
    if (fields && others.length === 0) return { line, fields };
  } catch {
    // Its reasons speak of positions in a text that nobody sees.
  }
  return malformed(line, 'the line is not CSV: quotes go around a whole field, and are doubled inside of it');
}

function parseCsv(text: string): string[][] {
  return parse(text, { relax_column_count: true, record_delimiter: '\n' });
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
