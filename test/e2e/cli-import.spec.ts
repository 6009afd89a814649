import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { builtFile } from '../support/built.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { ndjson } from '../support/streamed-import.js';
import { TrsDesk } from '../support/trs-desk.js';

let service: TestService;
let desk: TrsDesk;
let name: string;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  desk = await TrsDesk.at(service);
  ({ name } = await readyRepository(new Api(service)));
});
afterEach(() => desk.leave());

const artifacts = Array.from({ length: 60 }, (_, index) => artifact(`a/${index}`));
const run = (...args: string[]) => desk.trs(['artifact', 'import', '--repository', name, ...args]);

describe('trs artifact import', () => {
  test('imports files of any form, one after the other, and says what became of each', async () => {
    const { sha256 } = artifact('x').hashes;
    await desk.write('first.ndjson', ndjson(artifacts));
    await desk.write('second.csv', `path,length,sha256\nx,1,${sha256}\na/1,1,${sha256}\n`);
    await writeFile(join(desk.folder, 'third.jsonl.gz'), gzipSync(ndjson([artifact('y')])));
    const { code, out, err } = await run('first.ndjson', 'second.csv', 'third.jsonl.gz');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(
      'first.ndjson: 60 lines accepted, 0 refused\n  60 added; visible to clients with revision 2.',
    );
    expect(out).toContain('second.csv: 2 lines accepted, 0 refused\n  1 added, 1 replaced; visible to clients');
    expect(out).toContain('third.jsonl.gz: 1 line accepted, 0 refused');
    const listed = await desk.json('artifact', 'list', '--repository', name);
    expect(listed).toHaveLength(62);
  });

  test('shows the first refused lines, writes all of them to a file, and ends with 1', async () => {
    const wrong = Array.from({ length: 12 }, (_, index) => ({ ...artifact('x'), path: `../\u001b[31m${index}` }));
    await desk.write('lines.ndjson', ndjson([...wrong, artifact('good')]));
    const { code, out } = await run('lines.ndjson', '--refused', 'refused.ndjson');
    expect(code).toBe(1);
    expect(out).toContain('1 line accepted, 12 refused');
    expect(out).toMatch(/refused {2}line 10: artifact\.path must not/);
    expect(out).not.toContain('line 11:');
    expect(out).toContain('… and 2 more, all of them in refused.ndjson');
    expect(out).not.toContain('\u001b[31m');
    const refused = (await desk.read('refused.ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(refused.map(({ file, line }) => [file, line])).toEqual(wrong.map((_, index) => ['lines.ndjson', index + 1]));
    expect(await run('lines.ndjson', '--refused', 'refused.ndjson')).toMatchObject({ code: 1 });
    const json = JSON.parse((await run('lines.ndjson', '--json')).out);
    expect(json).toMatchObject([
      { file: 'lines.ndjson', task: { state: 'partly-refused', progress: { refused: 12 } } },
    ]);
    expect(json[0].refusals).toHaveLength(10);
  });

  test('reads the standard input, where the format is said', async () => {
    expect(await run('-')).toMatchObject({ code: 2 });
    const child = spawn(
      process.execPath,
      [builtFile('cli.js'), 'artifact', 'import', '-', '--repository', name, '--format', 'ndjson'],
      {
        env: { PATH: process.env.PATH, HOME: desk.folder, TRS_SERVER: service.url, TRS_TOKEN: service.token },
      },
    );
    child.stdin.end(ndjson(artifacts));
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect([code, out]).toEqual([0, expect.stringContaining('standard input: 60 lines accepted, 0 refused')]);
  });

  test('returns the import of the first time for a key that is used again', async () => {
    await desk.write('lines.ndjson', ndjson(artifacts));
    const ids = [];
    for (const _ of [1, 2])
      ids.push(JSON.parse((await run('lines.ndjson', '--idempotency-key', 'k', '--json')).out)[0].task.id);
    expect(ids[0]).toBe(ids[1]);
    expect(await run('lines.ndjson', 'lines.ndjson', '--idempotency-key', 'k')).toMatchObject({ code: 2 });
  });

  test('does not wait where it is told so, and its task can be watched', async () => {
    await desk.write('lines.ndjson', ndjson(artifacts));
    const { code, out } = await run('lines.ndjson', '--wait', '0', '--json');
    expect(code).toBe(0);
    const [{ task }] = JSON.parse(out);
    const watched = await desk.fine(['task', 'watch', task.id, '--repository', name]);
    expect(watched).toContain('60 read, 60 accepted, 0 refused, 60 published');
    expect(watched).toContain('60 added');
  });

  test.each([
    ['a file that is not there', ['missing.ndjson'], 1, 'missing.ndjson does not exist'],
    ['a file that does not say its format', ['lines.txt'], 2, '--format'],
    ['a token that nobody knows', ['lines.ndjson'], 6, 'does not accept the token'],
  ])('ends before it sends anything with %s', async (_, args, code, message) => {
    await desk.write('lines.txt', ndjson(artifacts));
    await desk.write('lines.ndjson', ndjson(artifacts));
    await desk.write('token', 'x'.repeat(40));
    const strange = { TRS_TOKEN: '', TRS_TOKEN_FILE: 'token' };
    const ended = await desk.trs(['artifact', 'import', '--repository', name, ...args], strange);
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('trs artifact export', () => {
  beforeEach(async () => {
    await desk.write('lines.ndjson', ndjson(artifacts));
    await run('lines.ndjson');
  });

  test('writes what can be imported again, in the form that the file names', async () => {
    expect(await desk.fine(['artifact', 'export', '--repository', name, '--output', 'all.csv.gz'])).toBe(
      'Wrote 60 artifacts to all.csv.gz.\n',
    );
    const { name: other } = await readyRepository(new Api(service));
    const ended = await desk.trs(['artifact', 'import', 'all.csv.gz', '--repository', other]);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('60 added') });
    const printed = await desk.fine(['artifact', 'export', '--repository', other]);
    expect(printed).toBe(await desk.fine(['artifact', 'export', '--repository', name]));
    expect(printed.split('\n')).toHaveLength(61);
  });

  test('never overwrites a file, and leaves none where it fails', async () => {
    await desk.write('all.ndjson', 'precious');
    const { code } = await desk.trs(['artifact', 'export', '--repository', name, '--output', 'all.ndjson']);
    expect([code, await desk.read('all.ndjson')]).toEqual([1, 'precious']);
    const unknown = await desk.trs(['artifact', 'export', '--repository', 'nobody', '--output', 'none.ndjson']);
    expect(unknown.code).toBe(3);
    await expect(desk.read('none.ndjson')).rejects.toThrow('ENOENT');
    await expect(desk.read('none.ndjson.part')).rejects.toThrow('ENOENT');
  });
});
