import { ExpiryWatch } from '../../src/webhooks/expiry-watch.service.js';
import { WebhookDispatcher } from '../../src/webhooks/webhook-dispatcher.service.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { auditEntries } from '../support/audit.js';
import { nextRoot, offlineKey, propose, readyRepository, signEvent } from '../support/ceremony.js';
import { prune } from '../support/history.js';
import { keepSecret } from '../support/log-book.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';
import { isSignedWith, WebhookReceiver } from '../support/webhook-receiver.js';

const LOOPBACK = { TRS_WEBHOOK_NETWORKS: '127.0.0.0/8' };
/** Less than a test may take, so that it fails with what it saw. */
const PATIENCE_MS = 45_000;
const HOUR = 3_600;
const DAY = 24 * HOUR;

let service: TestService;
let api: Api;
let receiver: WebhookReceiver;

beforeEach(async () => {
  service = await startService({ environment: LOOPBACK });
  api = new Api(service);
  receiver = await WebhookReceiver.start();
});

afterEach(async () => {
  await service.stop();
  await receiver.stop();
});

interface Made {
  readonly id: string;
  readonly secret: string;
}

async function webhook(about: object = {}): Promise<Made> {
  const { status, body } = await api.post('/webhooks', { name: 'a receiver', url: receiver.url, ...about });
  if (status !== 201) throw new Error(JSON.stringify(body));
  keepSecret(body.secret);
  return body;
}

const add = (name: string, path: string) =>
  api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact(path)] });

const deliveries = async (id: string) => (await api.get(`/webhooks/${id}/deliveries`)).body.items;

async function eventually<T>(find: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const waiting = await service.database.query('select * from webhook_delivery order by sequence limit 3');
  throw new Error(`not so within ${PATIENCE_MS / 1_000} s: ${JSON.stringify(waiting)}`);
}

describe('a webhook', () => {
  test('is told of each revision: signed, with a time, and an id of its own', async () => {
    const { name } = await readyRepository(api);
    const { secret } = await webhook({ events: ['revision.published'] });
    const { body: task } = await add(name, 'x');
    const [message] = await receiver.received(1);
    expect(message?.body).toEqual({
      type: 'revision.published',
      timestamp: task.settledAt,
      data: {
        repository: name,
        revision: 2,
        versions: { snapshot: 2, timestamp: 2 },
        tasks: [task.id],
        taskCount: 1,
      },
    });
    expect(message && isSignedWith(secret, message)).toBe(true);
    expect(message && isSignedWith(`whsec_${Buffer.alloc(32).toString('base64')}`, message)).toBe(false);
    expect(Math.abs((message?.seconds ?? 0) - service.clock.now().getTime() / 1_000)).toBeLessThan(60);
    expect(message?.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is told in the order in which things happened, each once, also by two services', async () => {
    const { name } = await readyRepository(api);
    await webhook({ events: ['revision.published'] });
    const second = await startService({ besides: service, environment: LOOPBACK });
    for (let count = 0; count < 12; count += 1) await add(name, `n/${count}`);
    const messages = await receiver.received(12);
    await second.stop();
    expect(messages.map(({ body }) => body.data.revision)).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(12);
  });

  test('is told of tasks that failed, and why', async () => {
    const { name } = await readyRepository(api);
    await webhook({ events: ['task.failed'] });
    await add(name, 'x');
    const { body } = await api.delete(`/repositories/${name}/artifacts/missing?wait=30`);
    const [message] = await receiver.received(1);
    expect(message?.body).toMatchObject({
      type: 'task.failed',
      data: {
        repository: name,
        task: body.task.id,
        state: 'refused',
        code: 'artifact-unknown',
        detail: expect.any(String),
      },
    });
  });

  test('is told when people have to sign, and when they have signed', async () => {
    const { name, root, rootKey } = await readyRepository(api);
    await webhook({ events: ['signing-event.opened', 'signing-event.completed'] });
    const second = offlineKey();
    const { body } = await propose(api, name, nextRoot(root.signed, [rootKey, second], 2), [rootKey]);
    const { signingEvent } = body.outcome;
    await signEvent(api, name, signingEvent, second);
    const data = { repository: name, signingEvent, role: 'root', version: 2 };
    expect((await receiver.received(2)).map(({ body: { type, data: about } }) => [type, about])).toEqual([
      ['signing-event.opened', data],
      ['signing-event.completed', data],
    ]);
  });

  test('is told once of a role that nobody signs again', async () => {
    const { name } = await readyRepository(api);
    await webhook({ events: ['expiry.near'] });
    service.clock.advance(340 * DAY);
    await eventually(async () => (await api.get(`/repositories/${name}`)).body.roles.find(freshTimestamp));
    expect(receiver.messages).toEqual([]);
    service.clock.advance(12 * DAY);
    // timestamp and bins may be near their end, too, until they are renewed after this leap
    const message = await eventually(async () => receiver.messages.find(({ body }) => body.data.role === 'root'));
    expect(message.body).toMatchObject({
      type: 'expiry.near',
      data: { repository: name, role: 'root', isBins: false, expiresAt: expect.any(String) },
    });
    service.clock.advance(DAY);
    await service.app.get(ExpiryWatch).tellNear();
    const told = await service.database.query(`select from webhook_event where data ->> 'role' = 'root'`);
    expect(told).toHaveLength(1);
  });

  function freshTimestamp({ name, expires }: { name: string; expires: string }): boolean {
    return name === 'timestamp' && new Date(expires) > service.clock.now();
  }

  test('is told only of what it wants, in the repositories that it wants', async () => {
    const { name } = await readyRepository(api);
    await webhook({ events: ['revision.published'], repositories: [name] });
    const other = await readyRepository(api);
    await add(other.name, 'x');
    await api.delete(`/repositories/${name}/artifacts/missing?wait=30`);
    await add(name, 'x');
    await receiver.received(1);
    expect(receiver.messages.map(({ body }) => [body.type, body.data.repository])).toEqual([
      ['revision.published', name],
    ]);
    expect((await service.database.query('select from webhook_event')).length).toBe(1);
  });

  test('is told in the commit of what happened, or nothing happens', async () => {
    const { name } = await readyRepository(api);
    await webhook();
    await service.database.query(
      `create function fail() returns trigger language plpgsql as $$ begin raise exception 'no event'; end $$;
       create trigger fail before insert on webhook_event for each row execute function fail()`,
    );
    const { body: task } = await api.post(`/repositories/${name}/artifacts?wait=2`, { artifacts: [artifact('x')] });
    await service.database.query('drop trigger fail on webhook_event; drop function fail()');
    expect(task.state).toBe('waiting');
    expect((await api.get(`/repositories/${name}/tasks/${task.id}?wait=30`)).body.state).toBe('succeeded');
    expect((await receiver.received(1)).map(({ body }) => body.data.tasks)).toEqual([[task.id]]);
  });
});

describe('a repository of which nobody wants to be told', () => {
  test('is published without a word about webhooks', async () => {
    const { name } = await readyRepository(api);
    await webhook({ repositories: ['another'] });
    await service.database.query('alter table webhook_event rename to gone');
    const { body: task } = await add(name, 'x');
    await service.database.query('alter table gone rename to webhook_event');
    expect(task.state).toBe('succeeded');
  });
});

describe('a receiver that fails', () => {
  test('is told again later, and of what came after only then', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['revision.published'] });
    receiver.answers.push(500, 503);
    await add(name, 'x');
    await add(name, 'y');
    await receiver.received(1);
    await eventually(async () => (await deliveries(id)).find(failedOnce));
    service.clock.advance(6);
    await receiver.received(2);
    await eventually(async () => (await deliveries(id)).find(({ attempts }: Shown) => attempts === 2));
    service.clock.advance(6 * 60);
    const messages = await receiver.received(4);
    expect(messages.map(({ body }) => body.data.revision)).toEqual([2, 2, 2, 3]);
    expect(new Set(messages.slice(0, 3).map((message) => message.id)).size).toBe(1);
    expect(messages[2]?.seconds).toBeGreaterThan((messages[0]?.seconds ?? 0) + 300);
    const shown = await eventually(async () => {
      const all = await deliveries(id);
      return all.every(({ state }: Shown) => state === 'delivered') && all;
    });
    expect(shown).toMatchObject([
      { attempts: 1, lastResult: 'answered 200' },
      { attempts: 3, lastResult: 'answered 200', nextAttemptAt: null },
    ]);
  });

  test('that takes others is given up on one after days, and told what follows; retrying brings it after all', async () => {
    const { name } = await readyRepository(api);
    const other = await readyRepository(api);
    const { id } = await webhook({ events: ['task.failed'] });
    receiver.answerTo = ({ data }) => (data.repository === name ? 500 : 200);
    await fail(name, 'x');
    for (let attempts = 1; attempts <= 4; attempts += 1) await failAndWait(id, name, attempts);
    await fail(other.name, 'y');
    await eventually(async () => (await deliveries(id))[0].state === 'delivered');
    for (let attempts = 5; attempts <= 8; attempts += 1) await failAndWait(id, name, attempts);
    const [, given] = await eventually(async () => {
      const all = await deliveries(id);
      return all[1].state === 'failed' && all;
    });
    expect(given).toMatchObject({ repository: name, attempts: 9, lastResult: 'answered 500' });
    expect((await api.get(`/webhooks/${id}`)).body).toMatchObject({ isEnabled: true, disabledBecause: null });
    receiver.answerTo = () => 200;
    expect((await api.post(`/webhooks/${id}/deliveries/${given.event}/retry`)).status).toBe(204);
    await eventually(async () => (await deliveries(id))[1].state === 'delivered');
    expect(receiver.messages.at(-1)?.id).toBe(given.event);
    expect((await api.post(`/webhooks/${id}/deliveries/${given.event}/retry`)).status).toBe(404);
  });

  test('that takes nothing for days is disabled, and told what waits when it is enabled again', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['task.failed'] });
    receiver.answerTo = () => 500;
    await fail(name, 'x');
    await fail(name, 'y');
    for (let attempts = 1; attempts <= 8; attempts += 1) await failAndWait(id, name, attempts);
    const shown = await eventually(async () => {
      const { body } = await api.get(`/webhooks/${id}`);
      return !body.isEnabled && body;
    });
    expect(shown.disabledBecause).toBe('it took no message in all attempts; at last: answered 500');
    await fail(name, 'nobody is told of this');
    receiver.answerTo = () => 200;
    await api.patch(`/webhooks/${id}`, { isEnabled: true });
    await receiver.received(10);
    await eventually(async () => (await deliveries(id))[0].state === 'delivered');
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered' }, { state: 'failed' }]);
  });

  const fail = (name: string, path: string) => api.delete(`/repositories/${name}/artifacts/${path}?wait=30`);

  /** Waits until so many attempts have failed, and then until the next one is due. */
  async function failAndWait(id: string, repository: string, attempts: number): Promise<void> {
    await eventually(async () => {
      const found = await service.database.query(
        `select from webhook_delivery
         where webhook_id = $1 and repository = $2 and attempts = $3 and leased_until is null`,
        [id, repository, attempts],
      );
      return found.length > 0;
    });
    service.clock.advance(23 * HOUR);
  }

  test('that is gone is told nothing more, until it is enabled again', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['revision.published'] });
    receiver.answers.push(410);
    await add(name, 'x');
    await eventually(async () => !(await api.get(`/webhooks/${id}`)).body.isEnabled);
    expect((await api.get(`/webhooks/${id}`)).body.disabledBecause).toBe('it answered 410 Gone');
    await add(name, 'y');
    await api.patch(`/webhooks/${id}`, { isEnabled: true });
    await add(name, 'z');
    expect((await receiver.received(2)).map(({ body }) => body.data.revision)).toEqual([2, 4]);
    expect((await api.get(`/webhooks/${id}`)).body).toMatchObject({ isEnabled: true, disabledBecause: null });
  });

  test('cannot lead the service elsewhere: redirects are not followed', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['revision.published'] });
    receiver.answers.push(307, 302);
    await add(name, 'x');
    await eventually(async () => (await deliveries(id)).find(failedOnce));
    expect((await deliveries(id))[0].lastResult).toBe('answered 307');
    expect((await api.post(`/webhooks/${id}/test`)).body).toEqual({ isDelivered: false, result: 'answered 302' });
    expect(receiver.messages.map(({ path }) => path)).toEqual(['/hook', '/hook']);
  });

  test('holds up neither publishing nor other webhooks, however many messages it does not answer', async () => {
    const second = await startService({ besides: service, environment: LOOPBACK });
    const silent = await WebhookReceiver.start();
    silent.answerTo = () => null;
    const repositories = await Promise.all(Array.from({ length: 6 }, () => readyRepository(api)));
    await webhook({ url: silent.url, events: ['revision.published'] });
    await webhook({ url: 'http://127.0.0.1:1/closed', events: ['revision.published'] });
    await webhook({ events: ['revision.published'] });
    for (const path of ['x', 'y']) {
      for (const { name } of repositories) expect((await add(name, path)).body.state).toBe('succeeded');
    }
    const told = await receiver.received(12);
    expect(silent.unanswered).toBeGreaterThan(0);
    expect(silent.unanswered).toBeLessThanOrEqual(4);
    for (const { name } of repositories) {
      const ofThis = told.filter(({ body }) => body.data.repository === name);
      expect(ofThis.map(({ body }) => body.data.revision)).toEqual([2, 3]);
    }
    await silent.stop();
    await second.stop();
  });

  test('whose message was on its way when a process was killed is told by the next one', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['revision.published'], url: 'http://127.0.0.1:1/closed' });
    await add(name, 'x');
    await eventually(async () => (await deliveries(id)).find(failedOnce));
    await service.database.query(
      `update webhook set url = '${receiver.url}';
       update webhook_delivery set leased_until = now() + interval '1 hour'`,
    );
    service.clock.advance(30);
    await service.app.get(WebhookDispatcher).tellWhatWaits();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(receiver.messages).toEqual([]);
    await service.database.query(`update webhook_delivery set leased_until = now() - interval '1 second'`);
    await receiver.received(1);
  });

  interface Shown {
    readonly state: string;
    readonly attempts: number;
    readonly lastResult: string | null;
  }

  function failedOnce({ attempts, lastResult }: Shown): boolean {
    return attempts === 1 && lastResult !== null;
  }
});

describe('webhooks into private networks', () => {
  test.each([
    ['an address', (url: string) => url],
    ['a name', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['another spelling', (url: string) => url.replace('127.0.0.1', '0x7f.1')],
    ['the address of metadata services', () => 'http://169.254.169.254/latest/meta-data'],
  ])('are refused unless the operator allows them: %s', async (_, address) => {
    const closed = await startService();
    const { body } = await new Api(closed).post('/webhooks', { name: 'inward', url: address(receiver.url) });
    keepSecret(body.secret);
    const tested = await new Api(closed).post(`/webhooks/${body.id}/test`);
    await closed.stop();
    expect(tested).toMatchObject({ status: 200, body: { isDelivered: false } });
    expect(tested.body.result).toMatch(/private network/);
    expect(receiver.messages).toEqual([]);
  });

  test.each(['ftp://example.com/', 'hook', 'https://user:password@example.com/', 'https://example.com/#x', ''])(
    'and %j are no addresses',
    async (url) => {
      const { status, body } = await api.post('/webhooks', { name: 'wrong', url });
      expect([status, body.errors[0].field]).toEqual([400, 'url']);
    },
  );
});

describe('what webhooks were told', () => {
  test('is forgotten after two weeks, also what nobody took', async () => {
    const { name } = await readyRepository(api);
    const { id } = await webhook({ events: ['task.failed'] });
    await api.delete(`/repositories/${name}/artifacts/missing?wait=30`);
    await eventually(async () => (await deliveries(id))[0]?.state === 'delivered');
    await api.patch(`/webhooks/${id}`, { isEnabled: false });
    await service.database.query(
      `with event as (insert into webhook_event (id, type, data, happened_at)
         select gen_random_uuid(), 'task.failed', '{}', now() from generate_series(1, 3000) returning sequence)
       insert into webhook_delivery (webhook_id, sequence, repository, state, attempts, next_attempt_at)
       select $1::uuid, sequence, 'another', 'waiting', 0, now() from event`,
      [id],
    );
    service.clock.advance(13 * DAY);
    await prune(service);
    expect(await service.database.query('select from webhook_delivery')).toHaveLength(3_001);
    service.clock.advance(2 * DAY);
    await prune(service);
    expect(await service.database.query('select from webhook_event')).toEqual([]);
    expect(await deliveries(id)).toEqual([]);
  });
});

describe('the API of webhooks', () => {
  test('knows when there are enough', async () => {
    await service.database.query(
      `insert into webhook (id, name, url, secret, events, is_enabled, created_at, created_by)
       select gen_random_uuid(), 'n', 'https://example.com/', '', '{}', false, now(), '' from generate_series(1, 100)`,
    );
    const { status, body } = await api.post('/webhooks', { name: 'n', url: receiver.url });
    expect([status, body.code]).toEqual([409, 'webhook-limit']);
  });

  test('shows a secret once, in no list, in no log and in no audit entry', async () => {
    const { id, secret } = await webhook();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await api.patch(`/webhooks/${id}`, { events: ['task.failed'], repositories: ['demo'] });
    const read = [await api.get('/webhooks'), await api.get(`/webhooks/${id}`), await api.delete(`/webhooks/${id}`)];
    const entries = await auditEntries(api);
    expect(JSON.stringify([read, entries])).not.toContain(secret.slice(6));
    expect(entries.filter(({ target }) => target.webhook === id).map(({ action }) => action)).toEqual([
      'remove-webhook',
      'update-webhook',
      'add-webhook',
    ]);
    expect((await api.get(`/webhooks/${id}`)).status).toBe(404);
  });

  test('is for those who may see all repositories', async () => {
    const limited = await tokenWith(service, { scopes: ['webhooks:write'], repositories: ['demo'] });
    const reading = await tokenWith(service, { scopes: ['webhooks:read'] });
    expect((await limited.api.get('/webhooks')).status).toBe(403);
    expect((await reading.api.get('/webhooks')).status).toBe(200);
    expect((await reading.api.post('/webhooks', { name: 'n', url: receiver.url })).status).toBe(403);
  });

  test('sends a test message when asked', async () => {
    const { id, secret } = await webhook();
    expect((await api.post(`/webhooks/${id}/test`)).body).toEqual({ isDelivered: true, result: 'answered 200' });
    const [message] = receiver.messages;
    expect([message?.body.type, message && isSignedWith(secret, message)]).toEqual(['webhook.test', true]);
  });

  test.each<[object]>([
    [{ events: [] }],
    [{ events: ['everything'] }],
    [{ events: ['task.failed', 'task.failed'] }],
    [{ repositories: [] }],
    [{ repositories: ['Not A Name'] }],
    [{ name: '' }],
  ])('refuses %j', async (about) => {
    expect((await api.post('/webhooks', { name: 'n', url: receiver.url, ...about })).status).toBe(400);
  });
});
