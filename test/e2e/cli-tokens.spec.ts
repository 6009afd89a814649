import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

const GITHUB = 'https://token.actions.githubusercontent.com';

let service: TestService;
let desk: TrsDesk;

beforeAll(async () => {
  service = await startService({ environment: { TRS_OIDC_ISSUERS: GITHUB } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  desk = await TrsDesk.at(service);
});
afterEach(() => desk.leave());

describe('trs token', () => {
  test('creates a token that is shown once, lists it, and revokes it', async () => {
    const limits = ['--repository', 'demo', '--path', 'team-a/**', '--path', 'shared/*'];
    const shown = await desk.fine(['token', 'create', '--name', 'ci of a', '--scope', 'artifacts:write', ...limits]);
    const token = /trs_\w{49}/.exec(shown)?.[0] ?? '';
    expect(shown).toContain('shown this once');
    expect(shown).toMatch(/Paths +team-a\/\*\* shared\/\*/);
    const [made] = await desk.json('token', 'list');
    expect(made).toMatchObject({
      name: 'ci of a',
      paths: ['team-a/**', 'shared/*'],
      state: 'active',
      lastUsedAt: null,
    });
    const listed = await desk.fine(['token', 'list']);
    expect(listed).toMatch(/ci of a +active +artifacts:write +demo team-a\/\*\* shared\/\* +in 90 days +never/);
    expect(listed).not.toContain(token);

    const OWN = { TRS_TOKEN: token };
    expect(await desk.trs(['token', 'list'], OWN)).toMatchObject({
      code: 6,
      err: expect.stringContaining('this needs the scope tokens:read'),
    });
    expect(await desk.fine(['token', 'revoke', made.id])).toMatch(/State +revoked/);
    expect(await desk.trs(['artifact', 'list', '--repository', 'demo'], OWN)).toMatchObject({ code: 6 });
    expect(await desk.fine(['token', 'list'])).not.toContain('ci of a');
    expect(await desk.fine(['token', 'list', '--all'])).toMatch(/ci of a +revoked/);
  });

  test('writes a token into a file that only its owner reads, and not on the screen', async () => {
    const create = ['token', 'create', '--name', 'mine', '--scope', 'tokens:read', '--days', '7', '--out', 'mine'];
    const { code, out, err } = await desk.trs(create);
    expect([code, err]).toEqual([0, expect.stringContaining('export TRS_TOKEN_FILE=mine')]);
    const token = (await desk.read('mine')).trim();
    expect(token).toMatch(/^trs_\w{49}$/);
    expect(out + err).not.toContain(token);
    expect((await stat(join(desk.folder, 'mine'))).mode & 0o777).toBe(0o600);
    expect((await desk.trs(create)).err).toContain('mine is there already');
    expect(await desk.fine(['token', 'list'], { TRS_TOKEN: '', TRS_TOKEN_FILE: 'mine' })).toContain('in 7 days');
  });

  test.each<[string, string[], RegExp]>([
    ['no scope', ['--name', 'a'], /--scope/],
    ['an unknown scope', ['--name', 'a', '--scope', 'root:sign'], /scopes must be among/],
    ['two lifetimes', ['--name', 'a', '--scope', 'admin', '--days', '3', '--permanent'], /--permanent/],
  ])('says what is wrong with %s', async (_, flags, message) => {
    const { code, err } = await desk.trs(['token', 'create', ...flags]);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });
});

describe('trs publisher', () => {
  const add = ['publisher', 'add', '--name', 'releases', '--issuer', GITHUB, '--audience', 'https://trs.example.com'];
  const rights = ['--scope', 'artifacts:write', '--repository', 'demo', '--path', 'app/**'];

  test('adds one with several values of a claim, lists it, and removes it', async () => {
    const claims = ['repository=acme/app', 'ref=refs/heads/main', 'ref=refs/tags/v*'].flatMap((claim) => [
      '--claim',
      claim,
    ]);
    const shown = await desk.fine([...add, ...claims, ...rights]);
    expect(shown).toMatch(/Claims +repository=acme\/app ref=refs\/heads\/main\|refs\/tags\/v\*/);
    const [made] = await desk.json('publisher', 'list');
    expect(made).toMatchObject({
      claims: { ref: ['refs/heads/main', 'refs/tags/v*'] },
      paths: ['app/**'],
      expiresAt: null,
    });
    expect(await desk.fine(['publisher', 'list'])).toMatch(
      /releases +https:.* +artifacts:write +demo app\/\*\* +never/,
    );
    expect(await desk.fine(['publisher', 'remove', made.id])).toContain('releases is not trusted any more');
    expect(await desk.fine(['publisher', 'list'])).toContain('no trusted publisher');
  });

  test.each<[string, string[], RegExp]>([
    ['no claim', [], /--claim/],
    ['a claim without a value', ['--claim', 'repository'], /not of the form NAME=VALUE/],
    ['claims that say nothing of whose jobs', ['--claim', 'ref=refs/heads/main'], /must say whose jobs these are/],
  ])('says what is wrong with %s', async (_, claims, message) => {
    const { code, err } = await desk.trs([...add, ...claims, ...rights]);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });
});

describe('the scopes that docs/access.md names for a job are enough for', () => {
  const tokenFor = async (...scopes: string[]) => {
    const flags = scopes.flatMap((scope) => ['--scope', scope]);
    return { TRS_TOKEN: (await desk.json('token', 'create', '--name', 'job', ...flags)).token };
  };

  test('publishing', async () => {
    const { name } = await readyRepository(new Api(service));
    await desk.write('files/app/hello.txt', 'hello');
    const published = await desk.fine(
      ['artifact', 'add', 'files', '--repository', name],
      await tokenFor('artifacts:write'),
    );
    expect(published).toContain('app/hello.txt');
  });

  test('delegating, signing, and uploading what a team signed itself', async () => {
    const { name } = await readyRepository(new Api(service), { bins: null, targetsListsArtifacts: false });
    await desk.keys('team');
    const delegate = ['role', 'add', 'team', '--repository', name, '--path', 'team/*', '--key', 'team.pem.pub.json'];
    await desk.fine(delegate, await tokenFor('roles:write', 'keys:read'));
    const sign = ['sign', '--repository', name, '--key', 'team.pem', '--yes'];
    expect(await desk.fine(sign, await tokenFor('signatures:write', 'keys:read'))).toContain('is published');
    const signed = await (await fetch(`${service.url}/repositories/${name}/metadata/1.team.json`)).text();
    await desk.write('1.team.json', signed);
    const upload = ['role', 'upload', 'team', '1.team.json', '--repository', name, '--yes'];
    expect(await desk.trs(upload, await tokenFor('metadata:write'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('signed.version must be 2'),
    });
  });
});
