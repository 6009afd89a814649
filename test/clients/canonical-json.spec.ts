import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { availableClients } from './stock-client.js';

const { clients } = await availableClients();
const python = clients.find(({ name }) => name === 'python-tuf');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-canonical-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Of all planes: names of which UTF-16 and code points are in another order, controls, quotes and backslashes. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '/', '\u0000', '\n', '\u007f', '\u2028', '\uffee', '\u{1f511}', '\u{10ffff}'),
  }),
);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.maxSafeInteger().map((number) => number + 0), // Python has no -0
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(texts, tie('value')), { maxLength: 6 }).map((fields) => Object.fromEntries(fields)),
  ),
}));

(python ? test : test.skip)(
  'canonical JSON has the bytes that python-tuf signs and verifies, whatever is in it',
  async () => {
    if (!python) return;
    const sample = fc.sample(values, { seed: 20_250_101, numRuns: 3_000 });
    expect(sample.filter((value) => /[\u{10000}-\u{10ffff}]/u.test(JSON.stringify(value))).length).toBeGreaterThan(300);
    const file = join(folder, 'values.json');
    await writeFile(file, JSON.stringify(sample));
    const theirs = await python.canonical(file);
    const ours = sample.map((value) => Buffer.from(canonicalBytes(value)).toString('hex'));
    expect(ours.filter((bytes, index) => bytes !== theirs[index])).toEqual([]);
    expect(theirs).toHaveLength(sample.length);
  },
);
