import { readArray, readInteger, readObject, readString } from './fields.js';
import { refusal } from './testing/refusals.js';

describe('field readers', () => {
  test.each([
    ['null for an object', () => readObject(null, 'f')],
    ['an array for an object', () => readObject([], 'f')],
    ['text for an object', () => readObject('{}', 'f')],
    ['an object for an array', () => readArray({ length: 0 }, 'f')],
    ['nothing for text', () => readString('', 'f')],
    ['a number for text', () => readString(1, 'f')],
    ['text for an integer', () => readInteger('1', 'f', 1)],
    ['a fraction for an integer', () => readInteger(1.5, 'f', 1)],
    ['an integer below the least', () => readInteger(0, 'f', 1)],
    ['2^53 for an integer', () => readInteger(2 ** 53, 'f', 1)],
    ['true for an integer', () => readInteger(true, 'f', 1)],
  ])('refuse %s and name the field', (_name, read) => {
    expect(refusal(read)).toMatchObject({ code: 'metadata-malformed', field: 'f' });
  });

  test('pass on what is right', () => {
    expect(readObject({ a: 1 }, 'f')).toEqual({ a: 1 });
    expect(readArray([1], 'f')).toEqual([1]);
    expect(readString('a', 'f')).toBe('a');
    expect(readInteger(1, 'f', 1)).toBe(1);
  });
});
