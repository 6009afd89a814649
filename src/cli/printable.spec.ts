import { printable } from './printable.js';

describe('text by others', () => {
  test.each([
    ['stays as it is', 'field größe – 大きさ changes', 'field größe – 大きさ changes'],
    ['cannot move the cursor', 'x\u001b[2Ky\r', 'x\\u{1b}[2Ky\\u{d}'],
    ['cannot add lines', 'x\ny\u2028z', 'x\\u{a}y\\u{2028}z'],
    ['cannot turn words around', 'x\u202ey', 'x\\u{202e}y'],
  ])('%s', (_name, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
