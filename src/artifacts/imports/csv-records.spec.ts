import fc from 'fast-check';
import { CsvRecords } from './csv-records.js';

function recordsOf(text: string, size = text.length || 1) {
  const records = new CsvRecords();
  const bytes = Buffer.from(text);
  const read = [];
  for (let start = 0; start < bytes.length; start += size) {
    read.push(...records.read(bytes.subarray(start, start + size)));
  }
  return [...read, ...records.end()];
}

const inBrief = (text: string) =>
  recordsOf(text).map((record) => [record.line, 'code' in record ? record.code : record.fields]);

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe('records of CSV', () => {
  test('come back as they were written, however quoted and however cut', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '=') });
    const record = fc.array(field, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (written, all, size) => {
          const cell = (text: string) => (all || /[",\n]/.test(text) ? quoted(text) : text);
          const text = written.map((fields) => `${fields.map(cell).join(',')}\r\n`).join('');
          const kept = written.filter((fields) => fields.map(cell).join(',').trim() !== '');
          expect(recordsOf(text, size).map((read) => 'fields' in read && read.fields)).toEqual(kept);
        },
      ),
    );
  });

  test.each([
    [
      'are numbered by the line on which they begin',
      'a,b\n"x\ny",c\n\nd,e\n',
      [
        [1, ['a', 'b']],
        [2, ['x\ny', 'c']],
        [5, ['d', 'e']],
      ],
    ],
    [
      'have a quote inside a bare field refused',
      'a,b\nx"y"z,c\nd,e',
      [
        [1, ['a', 'b']],
        [2, 'line-malformed'],
        [3, ['d', 'e']],
      ],
    ],
    [
      'have text after a quoted field refused',
      '"a"b,c\n"d",e',
      [
        [1, 'line-malformed'],
        [2, ['d', 'e']],
      ],
    ],
    [
      'lose no line to a quote that stays open',
      'a,b\n"c,d\ne,f\n',
      [
        [1, ['a', 'b']],
        [2, 'line-malformed'],
        [3, ['e', 'f']],
      ],
    ],
    ['may be quoted without need', '"a","b"\n', [[1, ['a', 'b']]]],
  ])('%s', (_, text, expected) => {
    expect(inBrief(text)).toEqual(expected);
  });

  test('lose no line to a quote that stays open for longer than a line may be', () => {
    const rest = Array.from({ length: 60_000 }, (_, index) => `line,${index}`);
    const records = recordsOf(`"open,x\n${rest.join('\n')}\n`, 65_536);
    expect(records).toHaveLength(60_001);
    expect(records[0]).toMatchObject({ line: 1, code: 'line-malformed' });
    expect(records[60_000]).toEqual({ line: 60_001, fields: ['line', '59999'] });
  });

  test('count no line as read that may belong to a record yet', () => {
    const records = new CsvRecords();
    records.read(Buffer.from('a,b\n"open\nstill\n'));
    expect(records.lastLine).toBe(1);
  });
});
