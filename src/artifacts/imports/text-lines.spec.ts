import { type TextLine, TextLines } from './text-lines.js';

function linesOf(bytes: Buffer, size: number): TextLine[] {
  const lines = new TextLines();
  const read: TextLine[] = [];
  for (let start = 0; start < bytes.length; start += size)
    read.push(...lines.read(bytes.subarray(start, start + size)));
  return [...read, ...lines.end()];
}

const LONG = 600_000;

describe('lines of text', () => {
  test.each([1, 2, 3, 7, 64, 1_000_000])('are the same in pieces of %i bytes', (size) => {
    const bytes = Buffer.concat([
      Buffer.from('\ufefffirst\n\nthird é\r\n'),
      Buffer.from([0x66, 0xff, 0x0a]),
      Buffer.from('last \u{1f600}'),
    ]);
    expect(linesOf(bytes, size)).toEqual([
      { line: 1, text: 'first' },
      { line: 2, text: '' },
      { line: 3, text: 'third é\r' },
      { line: 4, path: null, code: 'line-malformed', detail: 'the line is not valid UTF-8' },
      { line: 5, text: 'last \u{1f600}' },
    ]);
  });

  test.each([1_000, 65_536, 10_000_000])('that are too long are left out, in pieces of %i bytes', (size) => {
    const lines = linesOf(Buffer.from(`a\n${'x'.repeat(LONG)}\nb\n${'y'.repeat(LONG)}`), size);
    expect(lines.map((line) => ('code' in line ? line.code : line.text.slice(0, 9)))).toEqual([
      'a',
      'line-too-long',
      'b',
      'line-too-long',
    ]);
  });

  test('are counted as they end', () => {
    const lines = new TextLines();
    lines.read(Buffer.from('a\nb\nc'));
    expect(lines.lastLine).toBe(2);
    lines.end();
    expect(lines.lastLine).toBe(3);
  });
});
