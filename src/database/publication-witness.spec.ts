import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { PublicationWitness, type Witnessed } from './publication-witness.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-witness-'));
});

afterEach(() => rm(folder, { recursive: true }));

const timestamp = (version: number, sha256 = `${version}`, firstRoot = 'root'): Witnessed => ({
  repository: 'releases',
  firstRoot,
  version,
  sha256,
});

/** As a process that starts anew finds it. */
const afterStart = () => new PublicationWitness(folder);

/** By a process that ends then. */
async function published(...timestamps: readonly Witnessed[]): Promise<void> {
  const witness = afterStart();
  for (const one of timestamps) witness.keep(one);
  await witness.onApplicationShutdown();
}

test('a database that goes on from what was published is published', async () => {
  await published(timestamp(7));
  await afterStart().assertGoesOn(timestamp(7), 8);
  await afterStart().assertGoesOn(timestamp(9), 10); // another process published meanwhile
  await afterStart().assertGoesOn(null, 1);
});

test.each([
  ['has an older timestamp', timestamp(6), 7],
  ['has another timestamp of that number', timestamp(7, 'other'), 7],
])('a database that %s is found out, also by the next process', async (_, inForce, next) => {
  await published(timestamp(7));
  const witness = afterStart();
  await expect(witness.assertGoesOn(inForce, next)).rejects.toMatchObject({ code: 'repository-went-back' });
  expect([...witness.wentBack]).toEqual(['releases']);
});

test('of revisions that follow each other faster than they are noted, the last one is noted', async () => {
  const others = { ...timestamp(3), repository: 'others' };
  await published(timestamp(5), others, timestamp(6), timestamp(7));
  const witness = afterStart();
  await expect(witness.assertGoesOn(timestamp(6), 7)).rejects.toThrow('7 was published');
  await expect(witness.assertGoesOn({ ...others, version: 2 }, 3)).rejects.toThrow('3 was published');
});

test('what leaps over all that was published is published', async () => {
  await published(timestamp(7));
  const witness = afterStart();
  await expect(witness.assertGoesOn(timestamp(5), 6)).rejects.toThrow('7 was published');
  await witness.assertGoesOn(timestamp(5), 8);
  expect(witness.wentBack.size).toBe(0);
});

test('a repository of the same name that began anew is another one', async () => {
  await published(timestamp(7));
  await afterStart().assertGoesOn(timestamp(1, '1', 'another root'), 2);
});

test('a damaged note counts as none', async () => {
  await published(timestamp(7));
  const [file = ''] = await readdir(join(folder, 'published'));
  await writeFile(join(folder, 'published', file), '{"repository":"rel');
  const warnings: string[] = [];
  const silent = () => undefined;
  Logger.overrideLogger({ log: silent, error: silent, warn: (message) => warnings.push(message) });
  await afterStart().assertGoesOn(timestamp(6), 7);
  expect(warnings).toEqual([expect.stringContaining('damaged')]);
});
