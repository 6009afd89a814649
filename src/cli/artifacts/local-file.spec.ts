import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactPathOf, findLocalFiles } from './local-file.js';

describe('the artifact path of a file', () => {
  test.each([
    ['its own name', 'dist/app.tar.gz', null, {}, 'app.tar.gz'],
    ['the path inside the folder that was given', 'dist/1.0/app', 'dist', {}, '1.0/app'],
    ['the path below the base', 'dist/1.0/app', null, { base: 'dist' }, '1.0/app'],
    ['the path below the base, also inside a folder', 'a/b/c', 'a/b', { base: 'a' }, 'b/c'],
    ['behind a prefix', 'dist/app', null, { prefix: 'tools/1.0' }, 'tools/1.0/app'],
    ['behind a prefix that ends with a slash', 'dist/app', null, { prefix: 'tools/' }, 'tools/app'],
    ['in normal form C', 'cafe\u0301', null, {}, 'caf\u00e9'],
  ])('is %s', (_name, file, folder, rules, expected) => {
    expect(artifactPathOf(file, folder, rules)).toBe(expected);
  });

  test('refuses a file that is not below the base', () => {
    expect(() => artifactPathOf('other/app', null, { base: 'dist' })).toThrow('other/app is not below dist');
  });
});

describe('local files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-files-'));
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await writeFile(join(folder, 'a/b/two'), '22');
    await writeFile(join(folder, 'a/one'), '1');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const find = (named: string[], warn: (text: string) => void = fail) =>
    findLocalFiles(
      named.map((name) => join(folder, name)),
      {},
      warn,
    );
  const fail = (text: string) => {
    throw new Error(text);
  };

  test('are found in folders at any depth, in order', async () => {
    const found = await find(['a']);
    expect(found.map(({ artifactPath, size }) => [artifactPath, size])).toEqual([
      ['b/two', 2],
      ['one', 1],
    ]);
  });

  test('leave out links to folders, with a warning, for they may lead in circles', async () => {
    await symlink('..', join(folder, 'a/b/up'));
    const warnings: string[] = [];
    await expect(find(['a'], (text) => warnings.push(text))).resolves.toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining('is a link to a folder')]);
  });

  test('refuse two files of one artifact path', async () => {
    await expect(find(['a/one', 'a/b/two', 'a'])).rejects.toThrow('would both become one');
  });

  test('refuse what is not there', async () => {
    await expect(find(['nothing'])).rejects.toThrow('does not exist');
  });
});
