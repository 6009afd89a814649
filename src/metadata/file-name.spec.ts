import { posix } from 'node:path';
import fc from 'fast-check';
import { parseFileName } from './file-name.js';

describe('the name of a metadata file', () => {
  test.each([
    ['1.root.json', { role: 'root', version: 1 }],
    ['2147483647.team-a.json', { role: 'team-a', version: 2_147_483_647 }],
    ['1.a.b.json', { role: 'a.b', version: 1 }],
  ])('%s is one', (name, expected) => {
    expect(parseFileName(name)).toEqual(expected);
  });

  test.each([
    ['1.root.json/../timestamp.json'],
    ['1.root.json/'],
    ['1.root.json\0'],
    ['1.root.json\n'],
    ['1.%2e%2e.json'],
    ['1...json'],
    ['1.../../root.json'],
    ['01.root.json'],
    ['+1.root.json'],
    ['1e3.root.json'],
    ['2147483648.root.json'],
    [`1.${'a'.repeat(129)}.json`],
    [`1.${'a'.repeat(1_000_000)}.json`],
    ['1.ROOT.json'],
    ['1.__proto__.json'],
    ['1.timestamp.json'],
    ['timestamp.json'],
    ['１.root.json'],
  ])('%j is none', (name) => {
    expect(parseFileName(name)).toBeNull();
  });

  test('is one of a kind: what is taken is written the same again, and stays in its folder', () => {
    const part = fc.string({
      unit: fc.constantFrom('1', '9', '0', '.', '/', '%', 'a', 'root', '-', '_', '\0', '\\', 'json'),
    });
    const near = fc.tuple(fc.nat(), part).map(([version, role]) => `${version}.${role}.json`);
    fc.assert(
      fc.property(fc.oneof(near, part, fc.string({ unit: 'binary' })), (name) => {
        const found = parseFileName(name);
        if (!found) return;
        expect(`${found.version}.${found.role}.json`).toBe(name);
        expect(posix.join('/folder', name)).toBe(`/folder/${name}`);
        expect(encodeURIComponent(name)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
