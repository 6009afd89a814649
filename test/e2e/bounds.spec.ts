import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, type ReadyRepository, readyRepository, signatureBy } from '../support/ceremony.js';
import { RawConnection } from '../support/raw-connection.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

let service: TestService;
let admin: Api;
let name: string;
const running: TestService[] = [];
/** Locks, which are let go of at the latest when a test is over. */
const held: (() => Promise<void>)[] = [];

beforeAll(async () => {
  service = await startService();
  admin = new Api(service);
  name = (await readyRepository(admin)).name;
});

afterEach(async () => {
  for (const letGo of held.splice(0)) await letGo();
  for (const replica of running.splice(0)) await replica.stop();
});
afterAll(() => service.stop());

/** A replica with these bounds, on the same database. */
async function bounded(environment: Record<string, string>): Promise<TestService> {
  const replica = await startService({ besides: service, environment });
  running.push(replica);
  return replica;
}

async function holdWriting(table: string): Promise<() => Promise<void>> {
  const goOn = await service.database.holdWriting(table);
  held.push(goOn);
  return goOn;
}

async function holdReading(table: string): Promise<() => Promise<void>> {
  const goOn = await service.database.holdReading(table);
  held.push(goOn);
  return goOn;
}

const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status);
const repeat = <T>(count: number, act: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => act(i)));

describe('requests a second', () => {
  test('are limited for each token, and for no other; health and metadata stay open', async () => {
    const replica = await bounded({ TRS_RATE_LIMIT_TOKEN: '1' });
    const [one, other] = [
      await tokenWith(service, { scopes: ['admin'] }),
      await tokenWith(service, { scopes: ['admin'] }),
    ];
    const by = (token: string) => new Api({ url: replica.url, token });
    const answers = await repeat(12, () => by(one.token).get('/repositories'));
    expect(statuses(answers).sort()).toEqual([...Array(10).fill(200), 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.code).toBe('too-many-requests');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    expect((await by(other.token).get('/repositories')).status).toBe(200);
    for (const open of ['/health/live', `/repositories/${name}/metadata/timestamp.json`]) {
      const downloads = await repeat(30, () => fetch(replica.url + open));
      expect(statuses(downloads)).toEqual(Array(30).fill(200));
    }
    while ((await by(one.token).get('/repositories')).status !== 200) await sleep(200);
  });

  test('are limited for each address, with whatever token, and for the documents of the API', async () => {
    const replica = await bounded({ TRS_RATE_LIMIT_ADDRESS: '1' });
    const answers = await repeat(12, (index) =>
      fetch(`${replica.url}/api/v1/keys`, { headers: { authorization: `Bearer ${index}` } }),
    );
    expect(statuses(answers).sort()).toEqual([...Array(10).fill(401), 429, 429]);
    expect((await fetch(`${replica.url}/api/openapi.json`)).status).toBe(429);
    expect((await fetch(`${replica.url}/health/live`)).status).toBe(200);
  });

  test('are counted by what a trusted proxy says of the address, and by nothing that others say', async () => {
    const proxied = await bounded({ TRS_RATE_LIMIT_ADDRESS: '1', TRS_TRUSTED_PROXIES: '127.0.0.0/8' });
    const direct = await bounded({ TRS_RATE_LIMIT_ADDRESS: '1' });
    const ask = async ({ url }: TestService, address: string) =>
      (await fetch(`${url}/api/v1/keys`, { headers: { 'x-forwarded-for': address } })).status;
    const from = (replica: TestService) => repeat(12, (index) => ask(replica, `192.0.2.${index}`));
    expect(await from(proxied)).toEqual(Array(12).fill(401));
    expect((await from(direct)).sort()).toEqual([...Array(10).fill(401), 429, 429]);
    const spoofed = await repeat(12, (index) => ask(proxied, `198.51.100.${index}, 203.0.113.7`));
    expect(spoofed.sort()).toEqual([...Array(10).fill(401), 429, 429]);
  });

  test.each<[string, (index: number) => Record<string, string>]>([
    ['tokens that nobody knows', (index) => ({ authorization: `Bearer guess-${index}` })],
    ['ID tokens that nobody signed', (index) => ({ authorization: `Bearer e30.e30.${index}` })],
    ['no token', () => ({})],
  ])('with %s are few for an address; tokens that were good before go on', async (_, headersOf) => {
    const replica = await bounded({});
    const valid = new Api(replica);
    expect((await valid.get('/keys')).status).toBe(200);
    const guess = async (index: number) =>
      (await fetch(`${replica.url}/api/v1/keys`, { headers: headersOf(index) })).status;
    const guesses: number[] = [];
    for (let index = 0; index < 110; index += 1) guesses.push(await guess(index));
    expect(guesses.slice(0, 100)).toEqual(Array(100).fill(401));
    expect(guesses.slice(100)).toEqual(Array(10).fill(429));
    expect((await valid.get('/keys')).status).toBe(200);
    const unseen = await tokenWith(service, { scopes: ['admin'] });
    const refused = await new Api({ url: replica.url, token: unseen.token }).get('/keys');
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('under more load than it takes', () => {
  test('the service answers 429 or does it, and nothing else, and is well afterwards', async () => {
    const replica = await bounded({ TRS_MAX_REQUESTS: '8', TRS_RATE_LIMIT_TOKEN: '50' });
    const api = new Api(replica);
    const answers = await repeat(1_500, (index) =>
      api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(`load/${index}`)] }),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(statuses(answers).filter((status) => status !== 202 && status !== 429)).toEqual([]);
    expect(refused.length).toBeGreaterThan(900);
    expect(refused.length).toBeLessThan(1_500);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200);
    while ((await api.get('/repositories')).status !== 200) await sleep(100);
  });

  test('requests that wait are counted until they end', async () => {
    const blocked = await stalled();
    const replica = await bounded({ TRS_MAX_REQUESTS: '2' });
    const api = new Api(replica);
    const wait = () => api.get(`/repositories/${blocked.name}/tasks/${blocked.task}?wait=60`);
    const waiting = [wait(), wait(), wait()];
    expect((await Promise.race(waiting)).body.code).toBe('service-busy');
    expect((await api.get('/keys')).body.code).toBe('service-busy');
    expect((await fetch(`${replica.url}/repositories/${name}/metadata/timestamp.json`)).status).toBe(200);
    await blocked.goOn();
    expect(statuses(await Promise.all(waiting)).sort()).toEqual([200, 200, 429]);
    while ((await api.get('/keys')).status !== 200) await sleep(20);
  });

  test('bodies that have been announced count as memory, whether they come or not', async () => {
    const replica = await bounded({ TRS_BODY_LIMIT: '600000' });
    const announce = async () => {
      const connection = await RawConnection.to(replica.url);
      connection.send(request(replica, `/api/v1/repositories/${name}/artifacts`, 'Content-Length: 600000'));
      return connection;
    };
    const connections = await repeat(17, announce);
    const answers = await Promise.race(connections.map((connection) => connection.until(/429 Too Many Requests/)));
    expect(answers).toContain('service-busy');
    for (const connection of connections) connection.close();
    const api = new Api(replica);
    while ((await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('x')] })).status !== 202)
      await sleep(20);
  });

  test('work that goes on counts when its caller has gone', async () => {
    const replica = await bounded({ TRS_MAX_REQUESTS: '1' });
    const goOn = await holdWriting('task');
    const body = JSON.stringify({ artifacts: [artifact('gone')] });
    const caller = await RawConnection.to(replica.url);
    caller.send(request(replica, `/api/v1/repositories/${name}/artifacts`, `Content-Length: ${body.length}`) + body);
    while ((await waitingForLocks()) === 0) await sleep(20);
    caller.close();
    const api = new Api(replica);
    for (let index = 0; index < 20; index += 1) {
      expect((await api.get('/keys')).status).toBe(429);
      await sleep(20);
    }
    await goOn();
    while ((await api.get('/keys')).status !== 200) await sleep(100);
  });

  test('streams are few at once, and leave room for other requests', async () => {
    const streams = await repeat(16, () => RawConnection.to(service.url));
    const path = `/api/v1/repositories/${name}/artifacts/import`;
    const start = request(service, path, 'Transfer-Encoding: chunked').replace('/json', '/x-ndjson');
    for (const stream of streams) stream.send(start);
    const imports = async () => (await admin.get(`/repositories/${name}/tasks?state=waiting`)).body.items.length;
    while ((await imports()) < 16) await sleep(20);
    const more = await RawConnection.to(service.url);
    more.send(start);
    expect(await more.until(/\}$/)).toMatch(/^HTTP\/1.1 429 [\s\S]*service-busy/);
    for (const stream of streams) stream.send('0\r\n\r\n');
    await Promise.all(streams.map((stream) => stream.until(/^HTTP\/1.1 202 /)));
    for (const stream of [...streams, more]) stream.close();
  });

  test('metadata is not looked for without end; what is known is served', async () => {
    const download = async (file: string) =>
      (await fetch(`${service.url}/repositories/${name}/metadata/${file}`)).status;
    expect(await download('1.root.json')).toBe(200);
    const goOn = await holdReading('metadata_version');
    const asked = Array.from({ length: 1_100 }, (_, index) => download(`${index + 1_000}.root.json`));
    expect(await Promise.race(asked)).toBe(429);
    expect(await download('1.root.json')).toBe(200);
    await goOn();
    const answers = await Promise.all(asked);
    expect(answers.filter((status) => status === 404).length).toBeGreaterThan(0);
    expect(answers.filter((status) => ![404, 429, 503].includes(status))).toEqual([]);
  });

  test('many who ask whether it is ready take as much of the database as one', async () => {
    const goOn = await holdReading('signing_key');
    const ready = repeat(50, async () => (await fetch(`${service.url}/health/ready`)).status);
    while ((await waitingForLocks()) === 0) await sleep(20);
    expect((await admin.get('/tokens')).status).toBe(200);
    await goOn();
    expect(await ready).toEqual(Array(50).fill(200));
  });

  test('connections beyond the most there may be are dropped', async () => {
    const replica = await bounded({ TRS_MAX_CONNECTIONS: '2' });
    const held = [await RawConnection.to(replica.url), await RawConnection.to(replica.url)];
    const more = await RawConnection.to(replica.url);
    expect(await more.untilClosed()).toBe('');
    for (const connection of held) connection.close();
  });

  test('changes do not pile up without end; what people decide still gets in', async () => {
    const { name: full, task, root, rootKey, goOn } = await stalled();
    await service.database.query('update task set change_bytes = 1073741824 where id = $1', [task]);
    const add = () => admin.post(`/repositories/${full}/artifacts`, { artifacts: [artifact('b')] });
    let refused = await add();
    while (refused.status === 202) refused = await add();
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too-many-changes',
      '5',
    ]);
    const next = nextRoot(root.signed, [offlineKey()], 1);
    const proposal = { signed: next, signatures: [signatureBy(rootKey, next)] };
    expect((await admin.put(`/repositories/${full}/roles/root/metadata`, proposal)).status).toBe(202);
    await goOn();
    while ((await add()).status !== 202) await sleep(100);
  });
});

describe('a body', () => {
  test.each<[string, 'post' | 'put', string, number, number]>([
    ['a key', 'post', '/keys', 300_000, 413],
    ['a token', 'post', '/tokens', 300_000, 413],
    ['artifacts', 'post', '/repositories/NAME/artifacts', 5_000_000, 400],
    ['too many artifacts', 'post', '/repositories/NAME/artifacts', 11_000_000, 413],
    ['a root', 'put', '/repositories/NAME/roles/root/metadata', 500_000, 400],
  ])('of its own limit: for %s', async (_, method, path, bytes, status) => {
    const body = JSON.stringify({ nothing: 'x'.repeat(bytes) });
    const answer = await admin[method](path.replace('NAME', name), body, { 'content-type': 'application/json' });
    expect(answer.status).toBe(status);
  });

  test('without a length has the same limit', async () => {
    const connection = await RawConnection.to(service.url);
    connection.send(request(service, '/api/v1/keys', 'Transfer-Encoding: chunked'));
    const chunk = 'x'.repeat(65_536);
    for (let sent = 0; sent < 6; sent += 1) connection.send(`10000\r\n${chunk}\r\n`);
    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1.1 413 [\s\S]*request-too-large/);
    connection.close();
  });

  test('that comes too slowly is answered 408, and the connection ends', async () => {
    const replica = await bounded({ TRS_BODY_TIMEOUT: '1' });
    const connection = await RawConnection.to(replica.url);
    connection.send(request(replica, '/api/v1/keys', 'Content-Length: 100'));
    const drip = setInterval(() => connection.send(' '), 100);
    const answer = await connection.untilClosed();
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*request-too-slow/);
    expect((await new Api(replica).get('/keys')).status).toBe(200);
  });

  test.each([
    ['POST', 'of another media type', 415],
    ['PUT', 'for another method', 405],
  ])('(%s) %s is not waited for either, once it has been answered', async (method, _, status) => {
    const replica = await bounded({ TRS_BODY_TIMEOUT: '1' });
    const connection = await RawConnection.to(replica.url);
    const post = request(replica, '/api/v1/keys', 'Content-Length: 100000').replace('/json', '/pdf');
    connection.send(post.replace('POST', method));
    const drip = setInterval(() => connection.send(' '), 100);
    expect(await connection.untilClosed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    clearInterval(drip);
  });

  test('of a stranger is not waited for: the answer comes at once, and the connection ends soon', async () => {
    const connection = await RawConnection.to(service.url);
    connection.send(
      'POST /api/v1/keys HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n',
    );
    await connection.until(/^HTTP\/1.1 401 /);
    const drip = setInterval(() => connection.send(' '), 100);
    await connection.closed;
    clearInterval(drip);
  });
});

describe('a connection', () => {
  test('whose headers do not come to an end is answered 408 and ends', async () => {
    const connection = await RawConnection.to(service.url);
    connection.send('GET /health/live HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => connection.send('X-More: 1\r\n'), 500);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(drip);
  });

  test('of somebody who does not take an answer ends; one that waits for a change does not', async () => {
    const blocked = await stalled();
    const replica = await bounded({ TRS_IDLE_TIMEOUT: '1', TRS_MAX_CONNECTIONS: '3' });
    const deaf = await RawConnection.to(replica.url);
    deaf.stopReading();
    deaf.send('GET /api/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8)); // more than socket buffers hold
    const task = `/repositories/${blocked.name}/tasks/${blocked.task}`;
    const patient = new Api(replica).get(`${task}?wait=60`);
    const following = fetch(`${replica.url}/api/v1${task}/events`, {
      headers: { authorization: `Bearer ${replica.token}` },
    });
    await following;
    while (!(await isServed(replica))) await sleep(50);
    await sleep(2_000);
    await blocked.goOn();
    expect((await patient).body.state).toBe('succeeded');
    expect(await (await following).text()).toContain('succeeded');
    deaf.close();
  });
});

async function waitingForLocks(): Promise<number> {
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await service.database.query(waiting)).length;
}

/** Whether a new connection is answered, and not dropped. */
async function isServed({ url }: TestService): Promise<boolean> {
  const connection = await RawConnection.to(url);
  connection.send('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return (await connection.untilClosed()).startsWith('HTTP/1.1 200');
}

interface Stalled extends ReadyRepository {
  readonly task: string;
  goOn(): Promise<void>;
}

/** A repository in which a change waits until it may go on. */
async function stalled(): Promise<Stalled> {
  const ready = await readyRepository(admin);
  const goOn = await holdWriting('revision');
  const { body } = await admin.post(`/repositories/${ready.name}/artifacts`, { artifacts: [artifact('a')] });
  return { ...ready, task: body.id, goOn };
}

function request({ token }: TestService, path: string, header: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${header}\r\n\r\n`;
}
