import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';
import { isSignedWith, WebhookReceiver } from '../support/webhook-receiver.js';

let service: TestService;
let desk: TrsDesk;
let receiver: WebhookReceiver;

beforeAll(async () => {
  service = await startService({ environment: { TRS_WEBHOOK_NETWORKS: '127.0.0.0/8' } });
  desk = await TrsDesk.at(service);
  receiver = await WebhookReceiver.start();
});

afterAll(async () => {
  await receiver.stop();
  await desk.leave();
  await service.stop();
});

describe('trs webhook', () => {
  test('adds one with its secret in a private file, tests it, shows what it was told, and removes it', async () => {
    const { name } = await readyRepository(new Api(service));
    const flags = ['--name', 'chat', '--url', receiver.url, '--event', 'revision.published', '--out', 'secret'];
    const made = await desk.json('webhook', 'add', ...flags);
    const secret = (await desk.read('secret')).trim();
    expect(JSON.stringify(made)).not.toContain(secret);
    expect((await stat(join(desk.folder, 'secret'))).mode & 0o777).toBe(0o600);

    expect(await desk.fine(['webhook', 'test', made.id])).toBe('Answered 200.\n');
    expect(receiver.messages.every((message) => isSignedWith(secret, message))).toBe(true);
    receiver.answers.push(500);
    expect((await desk.trs(['webhook', 'test', made.id])).code).toBe(1);

    await new Api(service).post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('x')] });
    await receiver.received(3);
    expect(await desk.fine(['webhook', 'list'])).toMatch(/chat +enabled +revision\.published +all/);
    expect(await desk.fine(['webhook', 'deliveries', made.id])).toMatch(/revision\.published/);

    const edited = await desk.json('webhook', 'edit', made.id, '--disable', '--repository', 'demo');
    expect(edited).toMatchObject({ isEnabled: false, repositories: ['demo'] });
    const [event] = await desk.json('webhook', 'deliveries', made.id);
    expect((await desk.trs(['webhook', 'retry', made.id, event.event])).code).toBe(event.state === 'delivered' ? 3 : 0);
    expect(await desk.fine(['webhook', 'remove', made.id])).toBe('Removed chat.\n');
    expect(await desk.json('webhook', 'list')).toEqual([]);
  });

  test('says what is missing', async () => {
    expect((await desk.trs(['webhook', 'add', '--name', 'x'])).code).toBe(2);
    expect((await desk.trs(['webhook', 'edit', '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11'])).code).toBe(2);
    expect((await desk.trs(['webhook', 'remove', '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11'])).code).toBe(3);
  });
});
