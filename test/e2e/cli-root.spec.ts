import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseRoot } from '../../src/tuf/parse-root.js';
import { missingRootSignatures } from '../../src/tuf/root-trust.js';
import { getJson } from '../support/api.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { type LocalServer, listenLocally } from '../support/local-server.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

const NOWHERE = { TRS_SERVER: 'http://127.0.0.1:1' };

let service: TestService;
let content: ContentServer;
let desk: TrsDesk;

beforeAll(async () => {
  service = await startService();
  content = await startContentServer();
});
afterAll(async () => {
  await content.close();
  await service.stop();
});
beforeEach(async () => {
  desk = await TrsDesk.at(service);
});
afterEach(() => desk.leave());

const asked = async (...args: string[]) => JSON.parse(await desk.fine([...args, '--json']));
const json = async (file: string) => JSON.parse(await readFile(join(desk.folder, file), 'utf8'));

async function keys(...names: string[]): Promise<string[]> {
  const made = names.map((name) => asked('key', 'generate', '--out', `${name}.pem`, '--no-passphrase'));
  return (await Promise.all(made)).map(({ keyid }) => keyid);
}

let count = 0;
/** A repository with the root keys a and b. */
async function repository(...more: string[]): Promise<{ name: string; a: string; b: string }> {
  count += 1;
  const name = `cli-root-${count}`;
  const [a = '', b = ''] = await keys('a', 'b');
  const rootKeys = more.includes('--public-root-key') ? ['a.pem'] : ['a.pem', 'b.pem'];
  await desk.fine(['ceremony', '--repository', name, '--root-key', ...rootKeys, '--bins', '4', '--yes', ...more]);
  return { name, a, b };
}

const served = (name: string, version: number) =>
  getJson(`${service.url}/repositories/${name}/metadata/${version}.root.json`);

/** What a stock client says, that keeps what it trusts from one call to the next. */
async function clientFinds(name: string, path: string): Promise<number | null> {
  const where = ['--targets-url', content.url, '--trust-dir', 'trust', '--out', 'downloads'];
  return (await desk.trs(['artifact', 'download', path, '--repository', name, ...where])).code;
}

async function publish(name: string, path: string): Promise<void> {
  await writeFile(join(desk.folder, path), path);
  content.put(path, Buffer.from(path));
  await desk.fine(['artifact', 'add', path, '--repository', name]);
}

describe('trs sign', () => {
  test('lets somebody who was absent complete the first root', async () => {
    const { name, b } = await repository('--public-root-key', 'b.pem.pub.json', '--threshold', '2');
    const [event] = await asked('event', 'list', '--repository', name);
    expect(event).toMatchObject({ role: 'root', version: 1, missingSignatures: 1, mayBeSignedBy: [b] });
    expect(await desk.fine(['repository', 'show', name])).toContain(
      `trs sign ${event.id} --repository ${name} --key FILE`,
    );
    expect(await desk.trs(['root', 'show', '--repository', name])).toMatchObject({ code: 3, out: '' });

    const sign = ['sign', '--repository', name, '--key', 'b.pem'];
    expect(await desk.trs(sign)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--yes is missing') });
    const { code, out, err } = await desk.trs([...sign, '--yes']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('root version 1 of') });
    expect(err).toContain('all 2 root keys must sign');
    expect(await asked('repository', 'show', name)).toMatchObject({ state: 'ready', openSigningEvents: [] });
    expect(missingRootSignatures(parseRoot(await asked('root', 'show', '--repository', name)))).toBe(0);
    expect(await desk.trs([...sign, '--yes'])).toMatchObject({ code: 3, err: expect.stringContaining('nothing in') });
  });

  test('refuses a key that is no root key, and a signature over something else', async () => {
    const { name, a } = await repository('--threshold', '2');
    await keys('stranger');
    await desk.fine(['root', 'edit', '--repository', name, '--threshold', '1', '--yes']);
    const sign = ['sign', '--repository', name, '--yes'];
    expect(await desk.trs([...sign, '--key', 'stranger.pem'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('stranger.pem is not a key of root version 2'),
    });
    expect(await desk.trs([...sign, '--signature', `${a}=${'00'.repeat(64)}`, '--json'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not verify'),
    });
    const [event] = await asked('event', 'list', '--repository', name);
    expect(event.signedBy).toEqual([]);
  });

  test('signs nothing when the service offers other bytes than it shows', async () => {
    const { name } = await repository('--threshold', '2');
    await desk.fine(['root', 'edit', '--repository', name, '--threshold', '1', '--yes']);
    const liar = await startLyingService();
    const ended = await desk.trs(['sign', '--repository', name, '--key', 'a.pem', '--yes'], { TRS_SERVER: liar.url });
    await liar.close();
    expect(ended).toMatchObject({ code: 4, out: '', err: expect.stringContaining('nothing was signed') });
  });

  test('takes a signature that openssl made', async () => {
    const { name, a } = await repository('--threshold', '1');
    await desk.fine(['root', 'edit', '--repository', name, '--expiry-days', '400', '--yes']);
    await desk.fine(['event', 'show', '--repository', name, '--payload', 'payload']);
    const args = ['pkeyutl', '-sign', '-rawin', '-inkey', 'a.pem', '-in', 'payload', '-out', 'signature'];
    await promisify(execFile)('openssl', args, { cwd: desk.folder });
    const signature = `${a}=${(await readFile(join(desk.folder, 'signature'))).toString('hex')}`;
    const signed = await asked('sign', '--repository', name, '--signature', signature, '--yes');
    expect(signed).toMatchObject({ state: 'completed', version: 2, signedBy: [a] });
    expect((await served(name, 2)).signatures).toHaveLength(1);
  });
});

describe('trs root edit', () => {
  test('extends the expiry in one go', async () => {
    const { name, a } = await repository('--threshold', '1', '--root-expiry-days', '20');
    expect((await desk.trs(['root', 'show', '--repository', name])).err).toContain('it expires in 20 days');
    const edit = ['root', 'edit', '--repository', name, '--sign-with', 'a.pem'];
    expect(await desk.trs(edit)).toMatchObject({ code: 2, out: '' });
    const { code, out, err } = await desk.trs([...edit, '--yes']);
    expect({ code, out }).toEqual({ code: 0, out: `Root version 2 of ${name} is published.\n` });
    expect(err).toContain('expiry changes from');
    const root = await asked('root', 'show', '--repository', name);
    expect(root).toEqual(await served(name, 2));
    expect(root.signatures).toMatchObject([{ keyid: a }]);
    expect(await desk.fine(['root', 'show', '--repository', name, '--version', '1'])).toContain(
      'version 2 is in force',
    );
  });

  test('changes all root keys, through signers of whom one has no network', async () => {
    const { name, a, b } = await repository('--threshold', '2');
    await publish(name, 'before.txt');
    expect(await clientFinds(name, 'before.txt')).toBe(0);
    const [c = '', d = ''] = await keys('c', 'd');
    const others = ['--remove-root-key', a.slice(0, 16), '--remove-root-key', b, '--add-root-key', 'c.pem'];
    const edit = ['--repository', name, ...others, '--add-root-key', 'd.pem.pub.json', '--sign-with', 'a.pem', '--yes'];
    const proposed = await asked('root', 'edit', ...edit);
    expect(proposed).toMatchObject({ state: 'awaiting-signatures', signingEvent: { missingSignatures: 3 } });

    await desk.fine(['sign', '--repository', name, '--out', 'event.json']);
    await desk.fine(['sign', '--in', 'event.json', '--key', 'b.pem', '--out', 'by-b.json', '--yes'], NOWHERE);
    await desk.fine(['sign', '--in', 'by-b.json', '--key', 'c.pem', '--out', 'by-c.json', '--yes'], NOWHERE);
    expect(await desk.trs(['root', 'send', 'by-c.json', '--repository', name])).toMatchObject({ code: 2, out: '' });
    expect(await desk.fine(['sign', '--repository', name, '--send', 'by-c.json'])).toContain(
      'waits for 1 more signature',
    );
    expect(await clientFinds(name, 'before.txt')).toBe(0);
    expect(await desk.fine(['sign', '--repository', name, '--key', 'd.pem', '--yes'])).toContain('is published');

    const { signed } = await served(name, 2);
    expect(signed.roles.root).toEqual({ keyids: [c, d], threshold: 2 });
    expect(Object.keys(signed.keys)).toHaveLength(3);
    await publish(name, 'after.txt');
    expect(await clientFinds(name, 'after.txt')).toBe(0);
  });

  test('rotates the online keys without a client noticing', async () => {
    const { name } = await repository('--threshold', '1');
    await publish(name, 'before.txt');
    expect(await clientFinds(name, 'before.txt')).toBe(0);
    const before = await asked('root', 'show', '--repository', name);
    const online = ['--online-key', 'all=new', '--online-key', 'timestamp=new'];
    await desk.fine(['root', 'edit', '--repository', name, ...online, '--sign-with', 'b.pem', '--yes']);
    const { signed } = await asked('root', 'show', '--repository', name);
    const used = [signed.roles.targets, signed.roles.snapshot, signed.roles.timestamp].map(({ keyids }) => keyids[0]);
    expect(new Set([...used, before.signed.roles.timestamp.keyids[0]]).size).toBe(3);
    expect(await clientFinds(name, 'before.txt')).toBe(0);
    await publish(name, 'after.txt');
    expect(await clientFinds(name, 'after.txt')).toBe(0);
    expect(await desk.fine(['root', 'show', '--repository', name])).toContain(`online: ${name} timestamp`);
  });

  test('works without network, from a served root to a file that is sent later', async () => {
    const { name } = await repository('--threshold', '1');
    await writeFile(join(desk.folder, '1.root.json'), JSON.stringify(await served(name, 1)));
    const edit = ['root', 'edit', '--repository', name, '--in', '1.root.json', '--out', '2.root.json'];
    expect(await desk.trs([...edit, '--online-key', 'all=new', '--yes'], NOWHERE)).toMatchObject({ code: 2 });
    await desk.fine([...edit, '--threshold', '2', '--sign-with', 'a.pem', '--sign-with', 'b.pem', '--yes'], NOWHERE);
    expect(missingRootSignatures(parseRoot(await json('2.root.json')))).toBe(0);
    expect(await asked('root', 'send', '2.root.json', '--repository', name)).toMatchObject({ state: 'published' });
    expect(await served(name, 2)).toEqual(await json('2.root.json'));
    expect(await desk.trs([...edit.slice(0, -1), '3.root.json', '--in', 'a.pem.pub.json', '--yes'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not a TUF root'),
    });
  });
});

describe('trs event', () => {
  test('lists, shows and withdraws what waits for signatures', async () => {
    const { name } = await repository('--threshold', '2');
    expect(await desk.fine(['event', 'list', '--repository', name])).toContain('waits for signatures');
    await desk.fine(['root', 'edit', '--repository', name, '--threshold', '1', '--yes']);
    const [{ id: first }] = await asked('event', 'list', '--repository', name);
    const again = await desk.trs(['root', 'edit', '--repository', name, '--expiry-days', '30', '--yes']);
    expect(again.err).toContain(`signing event ${first} for root version 2 is open: this proposal takes its place`);
    const [{ id }] = await asked('event', 'list', '--repository', name);
    expect(await desk.fine(['event', 'show', '--repository', name])).toMatch(
      /expiry changes from[\s\S]+0 of the 2 needed/,
    );

    expect(await desk.trs(['event', 'withdraw', id, '--repository', name])).toMatchObject({ code: 2 });
    await desk.fine(['event', 'withdraw', id, '--repository', name, '--reason', 'too soon']);
    expect(await asked('event', 'list', '--repository', name)).toEqual([]);
    expect(await asked('event', 'list', '--repository', name, '--all')).toMatchObject([
      { id, state: 'withdrawn', reason: 'too soon' },
      { id: first, state: 'superseded' },
    ]);
    expect(await desk.trs(['sign', id, '--repository', name, '--key', 'a.pem', '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is withdrawn\n +too soon/),
    });
  });
});

/** The service as it would be in the hands of an attacker who wants other bytes signed. */
async function startLyingService(): Promise<LocalServer> {
  const server = createServer(async (request, response) => {
    const { authorization = '' } = request.headers;
    const answer = await fetch(`${service.url}${request.url}`, { headers: { authorization } });
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status).end(request.url?.endsWith('/payload') ? `${body}`.replace('1', '2') : body);
  });
  return listenLocally(server);
}
