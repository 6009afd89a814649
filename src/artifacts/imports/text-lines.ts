import { isUtf8 } from 'node:buffer';
import type { LineRefusal } from '../../database/artifact-import.js';
import { MAXIMUM_LINE_BYTES, malformed, tooLong } from './given-line.js';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

export type TextLine = { readonly line: number; readonly text: string } | LineRefusal;

/** Cuts bytes into lines of text, and holds no more of them than one line may have. */
export class TextLines {
  lastLine = 0;
  /** Of a line whose end has not come yet; null while the rest of one that is too long goes by. */
  private begun: Buffer | null = Buffer.alloc(0);

  read(piece: Buffer): TextLine[] {
    const firstEnd = piece.indexOf(LINE_FEED);
    if (firstEnd < 0) {
      this.begun = this.withBegun(piece);
      return [];
    }
    const lastEnd = piece.lastIndexOf(LINE_FEED);
    const first = this.withBegun(piece.subarray(0, firstEnd));
    const lines = [this.lineOf(first)];
    if (lastEnd > firstEnd) lines.push(...this.linesOf(piece.subarray(firstEnd + 1, lastEnd)));
    const rest = piece.subarray(lastEnd + 1);
    this.begun = rest.length > MAXIMUM_LINE_BYTES ? null : Buffer.from(rest); // a copy, lest it keep the whole piece
    return lines;
  }

  end(): TextLine[] {
    const isNothing = this.begun?.length === 0;
    return isNothing ? [] : [this.lineOf(this.begun)];
  }

  private withBegun(piece: Buffer): Buffer | null {
    if (this.begun === null || this.begun.length + piece.length > MAXIMUM_LINE_BYTES) return null;
    return this.begun.length === 0 ? piece : Buffer.concat([this.begun, piece]);
  }

  private linesOf(block: Buffer): TextLine[] {
    if (!isUtf8(block)) return separated(block).map((bytes) => this.lineOf(bytes)); // to tell which line it is
    const first = this.lastLine + 1;
    const texts = block.toString('utf8').split('\n');
    this.lastLine += texts.length;
    return texts.map((text, index) =>
      text.length > MAXIMUM_LINE_BYTES ? tooLong(first + index) : { line: first + index, text },
    );
  }

  private lineOf(bytes: Buffer | null): TextLine {
    this.lastLine += 1;
    const line = this.lastLine;
    if (bytes === null) return tooLong(line);
    if (!isUtf8(bytes)) return malformed(line, 'the line is not valid UTF-8');
    const text = bytes.toString('utf8');
    return { line, text: line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
  }
}

function separated(block: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = block.indexOf(LINE_FEED); end >= 0; end = block.indexOf(LINE_FEED, start)) {
    lines.push(block.subarray(start, end));
    start = end + 1;
  }
  return [...lines, block.subarray(start)];
}
