import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { getJson } from '../support/api.js';
import { type ContentServer, startContentServer } from '../support/content-server.js';
import { type LocalServer, listenLocally } from '../support/local-server.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

const NOWHERE = { TRS_SERVER: 'http://127.0.0.1:1' };

let service: TestService;
let content: ContentServer;
let desk: TrsDesk;
let count = 0;

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

/** A repository of one root key whose targets delegates to named roles. */
async function repository(...more: string[]): Promise<string> {
  count += 1;
  const name = `cli-roles-${count}`;
  await desk.keys('root');
  const bins = more.includes('--bins') ? [] : ['--no-bins'];
  await desk.fine(['ceremony', '--repository', name, '--root-key', 'root.pem', ...bins, '--yes', ...more]);
  return name;
}

async function publish(name: string, path: string) {
  await desk.write(`files/${path}`, `content of ${path}`);
  content.put(path, Buffer.from(`content of ${path}`));
  return desk.fine(['artifact', 'add', 'files', '--repository', name]);
}

const download = (name: string, path: string) =>
  desk.trs([
    ...['artifact', 'download', path, '--repository', name, '--root', `${name}.root.json`],
    ...['--targets-url', content.url, '--trust-dir', 'trust', '--out', 'downloads'],
  ]);

const opensslSignature = async (key: string, payload: string) => {
  const args = ['pkeyutl', '-sign', '-rawin', '-inkey', join(desk.folder, key), '-in', join(desk.folder, payload)];
  const { stdout } = await promisify(execFile)('openssl', args, { encoding: 'buffer' });
  return stdout.toString('hex');
};

describe('trs role', () => {
  test('delegates to a team that signs offline: with its files, over an air gap, and with OpenSSL alone', async () => {
    const name = await repository();
    const [, b = ''] = await desk.keys('a', 'b');
    const key = ['--key', 'a.pem.pub.json', '--key', 'b.pem'];
    const added = await desk.fine([
      'role',
      'add',
      'team',
      '--repository',
      name,
      '--path',
      'team/*',
      ...key,
      '--threshold',
      '2',
    ]);
    expect(added).toMatch(
      /targets delegates to team as soon as it is signed[\s\S]+waits for 2 more signatures on team/,
    );
    const [{ id }] = await desk.json('event', 'list', '--repository', name);
    expect(await desk.fine(['event', 'show', '--repository', name])).toMatch(
      /The first version of team:\n {2}- it lists nothing yet[\s\S]+all 2 keys must sign[\s\S]+is what the service says[\s\S]+Keys of role team: 0 of the 2/,
    );

    await desk.fine(['sign', '--repository', name, '--out', 'event.json']);
    const signed = ['sign', '--in', 'event.json', '--key', 'a.pem', '--out', 'signed.json', '--yes'];
    expect(await desk.fine(signed, NOWHERE)).toContain('1 new signature in signed.json');
    await desk.fine(['sign', '--repository', name, '--send', 'signed.json']);

    await desk.fine(['event', 'show', '--repository', name, '--payload', 'payload']);
    const signature = `${b}=${await opensslSignature('b.pem', 'payload')}`;
    const done = await desk.fine(['sign', id, '--repository', name, '--signature', signature, '--yes']);
    expect(done).toContain('It has all its signatures: team version 1');
    expect(await desk.fine(['repository', 'show', name])).toMatch(/Hash bins +none below targets/);
    expect(await desk.fine(['role', 'list', '--repository', name])).toMatch(
      /team +1 .+2 of 2 +by people +targets +team\/\*/,
    );
  });

  test('adds artifacts that wait for the team, and clients download them when it has signed', async () => {
    const name = await repository();
    await desk.keys('team');
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', 'team.pem.pub.json']);
    await desk.fine(['sign', '--repository', name, '--key', 'team.pem', '--yes']);
    expect(await publish(name, 'team/tool')).toMatch(
      /awaiting-signatures +team\/tool[\s\S]+1 awaiting-signatures\.\n[\s\S]+waits for 1 more signature on team version 2[\s\S]+trs sign/,
    );
    expect((await download(name, 'team/tool')).code).toBe(3);
    await desk.fine(['sign', '--repository', name, '--out', 'event.json']);
    const carried = ['sign', '--in', 'event.json', '--key', 'team.pem', '--out', 'signed.json', '--yes'];
    expect((await desk.trs(carried, NOWHERE)).err).toMatch(/these keys sign team is in targets version \d+, in force/);
    const { err } = await desk.trs(['sign', '--repository', name, '--key', 'team.pem', '--yes']);
    expect(err).toMatch(/these keys sign team is in targets version \d+, in force and signed from root down/);
    expect(err).toMatch(/Role team, version 2 changes, since version 1:\n {2}- artifact team\/tool added: 20 bytes/);
    expect((await download(name, 'team/tool')).code).toBe(0);
  });

  test('edits what it showed, and not what somebody else changed meanwhile', async () => {
    const name = await repository();
    const online = (await desk.json('key', 'online', '--name', 'team')).keyId;
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', online]);
    await desk.fine(['role', 'add', 'all', '--repository', name, '--any-path', '--key', online]);
    await publish(name, 'team/x');
    const edit = ['role', 'edit', 'all', '--repository', name];
    const moved = await desk.trs([...edit, '--first']);
    expect(moved).toMatchObject({ code: 0, err: expect.stringContaining('number 1 among the roles of its delegator') });
    expect((await desk.json('artifact', 'list', '--repository', name))[0].role).toBe('all');
    expect(await desk.trs([...edit, '--yes'])).toMatchObject({ code: 2 });
    expect(await desk.trs([...edit, '--first'])).toMatchObject({ code: 2, err: expect.stringContaining('nothing') });
    expect(await desk.trs([...edit, '--path', 'x/*'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/path x\/\* added\n {2}- any path removed[\s\S]+--yes is missing/),
    });

    const race = await startMeddling(() => desk.fine([...edit, '--expiry-days', '30']));
    const late = await desk.trs([...edit, '--expiry-days', '31'], { TRS_SERVER: race.url });
    await race.close();
    expect(late).toMatchObject({
      code: 1,
      err: expect.stringMatching(/somebody changed role all[\s\S]+trs role show all/),
    });
    expect((await desk.json('role', 'show', 'all', '--repository', name)).lifetime.expiry).toBe(30 * 86_400);
  });

  test('gives a team other keys, which sign its next version before clients know them', async () => {
    const name = await repository();
    const [a = '', b = '', c = ''] = await desk.keys('a', 'b', 'c');
    const files = ['--key', 'a.pem.pub.json', '--key', 'b.pem.pub.json', '--threshold', '2'];
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', ...files]);
    expect(await desk.fine(['role', 'list', '--repository', name])).toMatch(
      /team +- +unsigned +2 of 2 +by people[\s\S]+wait for signatures: team\. /,
    );
    await desk.fine(['sign', '--repository', name, '--key', 'a.pem', '--key', 'b.pem', '--yes']);

    const edit = ['role', 'edit', 'team', '--repository', name];
    const changed = await desk.json(...edit, '--key', a, '--key', 'c.pem.pub.json', '--yes');
    expect(changed).toMatchObject({
      state: 'awaiting-signatures',
      changes: [`key ${c} added`, `key ${b} removed`],
      signingEvents: [{ role: 'team', version: 2, missingSignatures: 2, mayBeSignedBy: [a, c] }],
    });
    const again = await desk.trs([...edit, '--path', 'team/*', '--path', 'more/*']);
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('waits for signatures already') });
    expect(await desk.trs(['sign', '--repository', name, '--key', 'b.pem', '--yes'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('b.pem is not a key of team version 2'),
    });
    const signed = await desk.trs(['sign', '--repository', name, '--key', 'a.pem', '--key', 'c.pem', '--yes']);
    expect(signed).toMatchObject({ code: 0, err: expect.stringContaining('what the service says') });
    expect(signed.err).not.toContain('look at all of it');
    expect(await desk.json('role', 'show', 'team', '--repository', name)).toMatchObject({
      version: 2,
      keyIds: [a, c],
      threshold: 2,
      paths: ['team/*', 'more/*'],
    });
  });

  test('has a role delegate to hash bins, and list its artifacts itself again', async () => {
    const name = await repository();
    const online = (await desk.json('key', 'online', '--name', 'team')).keyId;
    const other = (await desk.json('key', 'online', '--name', 'bins')).keyId;
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', online]);
    await desk.fine(['role', 'add', 'all', '--repository', name, '--any-path', '--first', '--key', online]);
    await publish(name, 'team/x');
    const bins = ['role', 'bins', 'set', 'all', '--repository', name];
    expect(await desk.trs(bins)).toMatchObject({ code: 2, err: expect.stringContaining('--count NUMBER is missing') });
    await desk.fine([...bins, '--count', '4', '--kind', 'classic']);
    const list = await desk.fine(['role', 'list', '--repository', name]);
    expect(list).toMatch(/4 classic bins +1(–2)? +first in .+online +all/);
    for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(await desk.trs([...bins, '--key', other])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    const rekeyed = await desk.json(...bins, '--key', other, '--yes');
    expect(rekeyed).toMatchObject({
      state: 'published',
      changes: [`hash bins: key ${other} added`, `hash bins: key ${online} removed`],
    });
    expect(await desk.json('role', 'show', 'all', '--repository', name)).toMatchObject({
      bins: { count: 4, kind: 'classic', keyIds: [other], threshold: 1 },
    });
    const remove = ['role', 'bins', 'remove', 'all', '--repository', name];
    expect(await desk.trs(remove)).toMatchObject({ code: 2, err: expect.stringContaining('4 classic hash bins go') });
    await desk.fine([...remove, '--yes']);
    expect(await desk.fine(['role', 'show', 'all', '--repository', name])).toMatch(
      /Delegated by +targets, as number 1/,
    );
    await desk.fine(['role', 'remove', 'all', '--repository', name, '--yes']);
    expect((await desk.json('artifact', 'list', '--repository', name))[0].role).toBe('team');
    expect(await desk.trs(['role', 'show', 'all', '--repository', name])).toMatchObject({ code: 3 });
  });

  test('uploads what a team made itself', async () => {
    const name = await repository();
    const [keyid = ''] = await desk.keys('team');
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', 'team.pem.pub.json']);
    await desk.fine(['sign', '--repository', name, '--key', 'team.pem', '--yes']);
    const { signed } = await getJson(`${service.url}/repositories/${name}/metadata/1.team.json`);
    const next = { ...signed, version: 2 };
    const upload = ['role', 'upload', 'team', '2.team.json', '--repository', name];
    await desk.write('payload', Buffer.from(canonicalBytes(next)).toString('utf8'));
    const sig = await opensslSignature('team.pem', 'payload');
    await desk.write('2.team.json', JSON.stringify({ signed: next, signatures: [{ keyid, sig }] }));
    expect(await desk.fine(upload)).toContain('Version 2 of team is published');
    expect(await desk.trs(upload)).toMatchObject({
      code: 1,
      err: expect.stringContaining('signed.version must be 3'),
    });
  });
});

/** The service, where somebody else is faster than whoever edits a role. */
async function startMeddling(meddle: () => Promise<unknown>): Promise<LocalServer> {
  const server = createServer(async (request, response) => {
    const { authorization = '', 'if-match': tag, 'content-type': type } = request.headers;
    const body = request.method === 'GET' ? undefined : await text(request);
    if (request.method === 'PATCH') await meddle();
    const headers = { authorization, ...(tag && { 'if-match': tag }), ...(type && { 'content-type': type }) };
    const method = request.method ?? 'GET';
    const answer = await fetch(`${service.url}${request.url}`, { method, headers, ...(body && { body }) });
    const etag = answer.headers.get('etag');
    response.writeHead(answer.status, etag ? { etag } : {}).end(await answer.text());
  });
  return listenLocally(server);
}

describe('trs ceremony', () => {
  test('leaves targets to people, and the bins to the service', async () => {
    await desk.keys('targets');
    const name = await repository('--targets-key', 'targets.pem.pub.json', '--bins', '4');
    const events = await desk.json('event', 'list', '--repository', name);
    expect(events.map(({ role }: { role: string }) => role).sort()).toEqual(['root', 'targets']);
    const { id } = events.find(({ role }: { role: string }) => role === 'targets');
    expect(await desk.fine(['event', 'show', id, '--repository', name])).toContain(
      'That these keys sign targets is in root version 1, which waits for signatures itself.',
    );
    await desk.fine(['sign', id, '--repository', name, '--key', 'targets.pem', '--yes']);
    await publish(name, 'a');
    expect((await download(name, 'a')).code).toBe(0);

    await desk.keys('next');
    const edit = ['root', 'edit', '--repository', name, '--targets-key', 'next.pem.pub.json'];
    const edited = await desk.fine([...edit, '--sign-with', 'root.pem', '--yes']);
    expect(edited).toMatch(
      /has its signatures, and waits for others[\s\S]+waits for 1 more signature on targets version 2/,
    );
    const [{ id: next }] = (await desk.json('event', 'list', '--repository', name)).filter(
      ({ role }: { role: string }) => role === 'targets',
    );
    await desk.fine(['sign', next, '--repository', name, '--key', 'next.pem', '--yes']);
    expect((await desk.json('root', 'show', '--repository', name)).signed.version).toBe(2);
    expect((await download(name, 'a')).code).toBe(0);
  });
});

describe('trs sign', () => {
  test('signs with a key of the signer’s own vault', async () => {
    const name = await repository();
    await desk.keys('team');
    await desk.fine(['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', 'team.pem.pub.json']);
    const variables = { TRS_SIGNING_KEY_TEAM: await desk.read('team.pem') };
    const sign = ['sign', '--repository', name, '--key', 'env:TRS_SIGNING_KEY_TEAM', '--yes'];
    expect(await desk.fine(sign, variables)).toContain('It has all its signatures');
  });
});
