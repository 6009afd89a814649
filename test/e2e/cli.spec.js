import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRoot } from '../../src/tuf/parse-root.js';
import { missingRootSignatures } from '../../src/tuf/root-trust.js';
import { startContentServer } from '../support/content-server.js';
import { startService } from '../support/service.js';
import { runTrs } from '../support/trs.js';
let service;
let folder;
beforeAll(async () => {
    service = await startService();
});
afterAll(() => service.stop());
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));
/** Runs the built `trs` in the folder of the test; its input is no terminal. */
function trs(args, variables = {}) {
    return runTrs(args, folder, { TRS_SERVER: service.url, TRS_TOKEN: service.token, ...variables });
}
async function fine(args, variables = {}) {
    const { code, out, err } = await trs(args, variables);
    if (code !== 0)
        throw new Error(`trs ${args.join(' ')} ended with ${code}:\n${out}${err}`);
    return out;
}
let count = 0;
async function ready(...more) {
    count += 1;
    const name = `cli-${count}`;
    const keys = ['--generate-keys', '2', '--no-passphrase', '--bins', '4'];
    await fine(['ceremony', '--repository', name, ...keys, '--yes', ...more]);
    return name;
}
async function fileAt(path, content) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
    return Buffer.from(content);
}
const json = async (file) => JSON.parse(await readFile(join(folder, file), 'utf8'));
describe('trs key generate', () => {
    test('writes a private key for its owner only, encrypted, and the public key beside it', async () => {
        const variables = { TRS_OFFLINE_PASSPHRASE: 'correct horse' };
        const printed = JSON.parse(await fine(['key', 'generate', '--out', 'root.pem', '--json'], variables));
        expect((await stat(join(folder, 'root.pem'))).mode & 0o777).toBe(0o600);
        expect(await readFile(join(folder, 'root.pem'), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
        expect(await json('root.pem.pub.json')).toMatchObject({ keyid: printed.keyid, key: { scheme: 'ed25519' } });
    });
    test('never overwrites a file, and asks nobody where nobody is', async () => {
        await fileAt('root.pem', 'precious');
        const { code, err } = await trs(['key', 'generate', '--out', 'root.pem', '--no-passphrase']);
        expect([code, await readFile(join(folder, 'root.pem'), 'utf8')]).toEqual([1, 'precious']);
        expect(err).toContain('not overwritten');
        expect(await trs(['key', 'generate', '--out', 'new.pem'])).toMatchObject({ code: 2, out: '' });
    });
});
describe('trs ceremony', () => {
    test('makes a repository that is ready, with a root that has every signature', async () => {
        const name = await ready('--threshold', '1');
        const root = parseRoot(await json(`${name}.root.json`));
        expect(missingRootSignatures(root)).toBe(0);
        const shown = JSON.parse(await fine(['repository', 'show', name, '--json']));
        expect(shown).toMatchObject({ state: 'ready', settings: { bins: { count: 4, kind: 'succinct' } } });
        expect(await fine(['repository', 'show', name])).toMatch(/timestamp +1 +\d{4}-/);
    });
    test('works without network, with keys of every scheme, and leaves open who signs later', async () => {
        const schemes = ['ed25519', 'ecdsa-sha2-nistp256', 'rsassa-pss-sha256'];
        for (const scheme of schemes) {
            await fine(['key', 'generate', '--out', `${scheme}.pem`, '--scheme', scheme, '--no-passphrase']);
        }
        await fine(['key', 'online', '--name', 'air gap', '--out', 'online.json']);
        const keys = ['--root-key', 'ed25519.pem', 'rsassa-pss-sha256.pem'];
        const later = ['--public-root-key', 'ecdsa-sha2-nistp256.pem.pub.json', '--threshold', '3'];
        const without = ['--online-key', 'online.json', '--out', 'request.json', '--yes'];
        const { code, err } = await runTrs(['ceremony', '--repository', 'air-gap', ...keys, ...later, ...without], folder, {
            TRS_SERVER: 'http://127.0.0.1:1',
            HOME: folder,
        });
        expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('losing a single one') });
        const sent = JSON.parse(await fine(['send', 'request.json', '--json']));
        expect(sent).toMatchObject({ state: 'awaiting-signatures', signingEvent: { missingSignatures: 1 } });
        const { keyid } = await json('ecdsa-sha2-nistp256.pem.pub.json');
        expect(sent.signingEvent.mayBeSignedBy).toEqual([keyid]);
        expect(await fine(['send', 'request.json'])).toContain(sent.signingEvent.id); // sent twice, made once
    });
    test.each([
        ['no repository', ['--generate-keys', '2'], '--repository NAME is missing'],
        ['no root key', ['--repository', 'x'], '--root-key FILE or --generate-keys NUMBER is missing'],
        ['no online key in a file', ['--repository', 'x', '--generate-keys', '1', '--out', 'x.json'], '--online-key FILE'],
        [
            'a threshold out of reach',
            ['--repository', 'x', '--generate-keys', '2', '--threshold', '3'],
            'cannot be reached',
        ],
        ['bins that are no power of two', ['--repository', 'x', '--generate-keys', '2', '--bins', '3'], 'power of two'],
    ])('refuses %s, naming the flag', async (_name, args, sentence) => {
        const { code, err } = await trs(['ceremony', '--yes', '--no-passphrase', ...args]);
        expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
    });
});
describe('trs artifact', () => {
    test('publishes a folder, which a client downloads and verifies', async () => {
        const name = await ready();
        const bytes = await fileAt('dist/app/1.0/hello.txt', 'hello');
        await fileAt('dist/app/1.0/other.txt', 'other');
        expect(await fine(['artifact', 'add', 'dist', '--repository', name])).toContain('2 added');
        expect(await fine(['artifact', 'add', 'dist', '--repository', name])).toContain('2 unchanged');
        const listed = JSON.parse(await fine(['artifact', 'list', '--repository', name, '--prefix', 'app/', '--json']));
        expect(listed).toHaveLength(2);
        const content = await startContentServer();
        content.put('app/1.0/hello.txt', bytes);
        const download = ['artifact', 'download', 'app/1.0/hello.txt', '--repository', name, '--targets-url', content.url];
        const first = await trs(download);
        expect(first).toMatchObject({ code: 0, err: expect.stringContaining('nobody has verified it') });
        expect(await trs([...download, '--root', `${name}.root.json`])).toMatchObject({ code: 0, err: '' });
        expect(await readFile(join(folder, 'app/1.0/hello.txt'))).toEqual(bytes);
        content.tamper('app/1.0/hello.txt', Buffer.from('HELLO'));
        expect(await trs([...download, '--out', 'tampered'])).toMatchObject({ code: 4 });
        await expect(stat(join(folder, 'tampered/app/1.0/hello.txt'))).rejects.toThrow('ENOENT');
        await content.close();
        expect(await trs(download)).toMatchObject({ code: 5 });
    });
    test('does not trust the root of another repository', async () => {
        const [mine, other] = [await ready(), await ready()];
        const download = ['artifact', 'download', 'x', '--repository', mine, '--targets-url', 'http://127.0.0.1:1'];
        expect(await trs([...download, '--root', `${other}.root.json`])).toMatchObject({ code: 4, out: '' });
        expect(await trs([...download, '--root', `${mine}.root.json`])).toMatchObject({ code: 3 });
    });
    test('says of each path what became of it, and fails when one was refused', async () => {
        const name = await ready();
        await fileAt('a.txt', 'a');
        await fine([
            'artifact',
            'add',
            'a.txt',
            '--repository',
            name,
            '--prefix',
            'v1',
            '--custom',
            '{"channel":"stable"}',
        ]);
        const { code, out } = await trs(['artifact', 'remove', 'v1/a.txt', 'v1/b.txt', '--repository', name]);
        expect(code).toBe(1);
        expect(out).toMatch(/removed {4}v1\/a.txt\nrefused {4}v1\/b.txt: .*lists no artifact/);
    });
    test('sends nothing when clients could not use one of the paths', async () => {
        const name = await ready();
        await fileAt('dist/good', 'good');
        await fileAt('dist/ba\\d', 'bad');
        const { code, err } = await trs(['artifact', 'add', 'dist', '--repository', name]);
        expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('must not contain a backslash') });
        expect(await fine(['artifact', 'list', '--repository', name, '--json'])).toBe('[]\n');
    });
    test('publishes more files than one request takes, under idempotency keys', async () => {
        const name = await ready();
        await Promise.all(Array.from({ length: 1_001 }, (_, index) => fileAt(`many/${index}`, `${index}`)));
        const args = ['artifact', 'add', 'many', '--repository', name, '--idempotency-key', 'build-7', '--json'];
        const first = JSON.parse(await fine(args));
        expect(first.results).toHaveLength(1_001);
        expect(JSON.parse(await fine(args)).revisions).toEqual(first.revisions);
        expect(JSON.parse(await fine(['artifact', 'list', '--repository', name, '--json']))).toHaveLength(1_001);
    });
});
describe('trs task', () => {
    test('follows a task to its end', async () => {
        const name = await ready();
        await fileAt('a.txt', 'a');
        const added = JSON.parse(await fine(['artifact', 'add', 'a.txt', '--repository', name, '--wait', '0', '--json']));
        const [id = ''] = added.waiting;
        expect(await trs(['task', 'watch', id, '--repository', name])).toMatchObject({
            code: 0,
            err: expect.stringMatching(/succeeded\n$/),
        });
        expect(JSON.parse(await fine(['task', 'show', id, '--repository', name, '--json']))).toMatchObject({
            id,
            state: 'succeeded',
        });
    });
});
describe('trs', () => {
    test.each([
        ['a repository that is not there', ['repository', 'show', 'nowhere'], {}, 3],
        ['no token', ['repository', 'list'], { TRS_TOKEN: '' }, 6],
        ['no service', ['repository', 'list'], { TRS_SERVER: 'http://127.0.0.1:1' }, 5],
        ['an unknown command', ['publish'], {}, 2],
    ])('tells %s by its exit code, without a stack trace', async (_name, args, variables, code) => {
        const ended = await trs(args, variables);
        expect(ended).toMatchObject({ code, out: '' });
        expect(ended.err).not.toContain('    at ');
    });
    test('prints one JSON document with --json, also when it fails', async () => {
        const { code, out } = await trs(['repository', 'show', 'nowhere', '--json']);
        expect([code, Object.keys(JSON.parse(out))]).toEqual([3, ['error']]);
    });
    test('never prints the token', async () => {
        const { out, err } = await trs(['repository', 'list'], { TRS_SERVER: 'http://127.0.0.1:1' });
        expect(out + err).not.toContain(service.token);
    });
    test('documents its exit codes', async () => {
        expect(await fine(['--help'])).toContain('Exit codes:');
    });
});
