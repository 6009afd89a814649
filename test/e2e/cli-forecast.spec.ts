import { Api } from '../support/api.js';
import { offlineKey, onlineKey, readyRepository, signedRoot } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

const DAY = 86_400;

let service: TestService;
let desk: TrsDesk;
let api: Api;

beforeEach(async () => {
  service = await startService();
  desk = await TrsDesk.at(service);
  api = new Api(service);
});

afterEach(async () => {
  await desk.leave();
  await service.stop();
});

async function untilFresh(): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await fetch(`${service.url}/health/ready`)).status !== 200) {
    if (Date.now() > deadline) throw new Error('not ready within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('trs forecast', () => {
  test('shows what expires when, who signs it, and what is to be typed', async () => {
    const { name, rootKey } = await readyRepository(api, { bins: { count: 16 } });
    await api.post('/keys', { name: 'Alice', key: rootKey.key });
    const calm = await desk.fine(['forecast', '--repository', name]);
    expect(calm).toMatch(/timestamp +1 +the service +signed again in 18 hours/);
    expect(calm).toMatch(/16 bins of targets +1 +the service +signed again one after the other, the first in/);
    expect(calm).not.toContain('root');
    expect(await desk.fine(['forecast', '--repository', name, '--days', '400'])).toMatch(
      /\(in 365 days\) +root +1 +1 of Alice +signatures are asked for in 2\d\d days/,
    );

    service.clock.advance(300 * DAY);
    await untilFresh();
    const [{ id }] = await desk.json('event', 'list', '--repository', name);
    expect(await desk.fine(['forecast', '--repository', name])).toMatch(
      new RegExp(
        `root +1 +1 of Alice +version 2 waits for 1 more signature of Alice: trs sign ${id} --repository ${name}`,
      ),
    );
  });

  test('ends with code 8 for cron when people have to sign soon, and with 0 while only the service has to', async () => {
    const { name } = await readyRepository(api);
    expect((await desk.trs(['forecast', '--fail-within', '30d'])).code).toBe(0);
    service.clock.advance(355 * DAY);
    await untilFresh();
    const soon = await desk.trs(['forecast', '--fail-within', '14d']);
    expect(soon.code).toBe(8);
    expect(soon.err).toContain(`root of ${name}: it expires at`);
    expect((await desk.trs(['forecast', '--fail-within', '5d'])).code).toBe(0);
    expect((await desk.trs(['forecast', '--repository', name, '--days', '1', '--fail-within', '14d'])).code).toBe(8);
  });

  test('looks at all repositories unless one is named', async () => {
    const first = (await readyRepository(api)).name;
    const second = (await readyRepository(api)).name;
    const { code, out } = await desk.trs(['forecast', '--json', '--fail-within', '366d']);
    expect(code).toBe(8);
    const names = JSON.parse(out).map(({ repository }: { repository: string }) => repository);
    expect(names).toEqual([first, second].sort());
    expect((await desk.json('forecast', '--repository', first)).repository).toBe(first);
  });

  test('shows a first root that lacks signatures; nothing of it can expire', async () => {
    const [first, second] = [offlineKey(), offlineKey()];
    const root = await signedRoot({ rootKeys: [first, second], signers: [first], online: await onlineKey(api) });
    await api.post('/repositories?wait=30', { name: 'young', root });
    const { code, out } = await desk.trs(['forecast', '--fail-within', '3650d']);
    expect(code).toBe(0);
    expect(out).toMatch(/root +- +2 of .+version 1 waits for 1 more signature of [0-9a-f]{8}…: trs sign/);
  });

  test.each([
    [['--days', '0'], /whole number/],
    [['--days', '4000'], /1 to 3650/],
    [['--fail-within', '14'], /such as 14d/],
    [['--repository', 'No'], /1 to 63/],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await desk.trs(['forecast', ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
