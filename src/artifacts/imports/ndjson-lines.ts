import { type GivenLine, type LineReader, malformed } from './given-line.js';
import { type TextLine, TextLines } from './text-lines.js';

/** One JSON object in each line; empty lines are left out. */
export class NdjsonLines implements LineReader {
  private readonly lines = new TextLines();

  get lastLine(): number {
    return this.lines.lastLine;
  }

  read(piece: Buffer): GivenLine[] {
    return this.lines.read(piece).flatMap(parsed);
  }

  end(): GivenLine[] {
    return this.lines.end().flatMap(parsed);
  }
}

function parsed(given: TextLine): GivenLine[] {
  if ('code' in given) return [given];
  const { line, text } = given;
  try {
    return [{ line, value: JSON.parse(text) }];
  } catch {
    return text.trim() === '' ? [] : [malformed(line, 'the line is not JSON')];
  }
}
