import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { auditEntries } from '../support/audit.js';
import { type ReadyRepository, readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';

let service: TestService;
let api: Api;
let repository: ReadyRepository;

beforeAll(async () => {
  service = await startService({ environment: { TRS_RATE_LIMIT_ADDRESS: '0' } }); // it tries many tokens in vain
  api = new Api(service);
  repository = await readyRepository(api);
});

afterAll(() => service.stop());

const refusedAttempts = () => auditEntries(api, undefined, '&action=refused-attempt');

async function eventually(found: () => Promise<unknown[]>): Promise<unknown[]> {
  for (;;) {
    const attempts = await found();
    if (attempts.length > 0) return attempts;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('refused attempts', () => {
  test('without a valid token are entries, reading as well as writing', async () => {
    for (const method of ['GET', 'POST']) {
      await fetch(`${service.url}/api/v1/keys`, { method, headers: { authorization: 'Bearer stolen' } });
      const [entry] = await eventually(async () =>
        (await refusedAttempts()).filter(({ target }) => target.method === method && target.route === '/api/v1/keys'),
      );
      expect(entry).toMatchObject({
        principal: null,
        address: '127.0.0.1',
        repository: null,
        target: { status: 401, code: 'unauthorized', attempts: 1 },
      });
      expect(JSON.stringify(entry)).not.toContain('stolen');
    }
  });

  test('without the right are entries, reading as well as writing, and say whose token it was', async () => {
    const { id, api: limited } = await tokenWith(service, { name: 'limited', scopes: ['keys:read'] });
    await limited.get('/audit');
    await limited.post(`/repositories/${repository.name}/artifacts`, { artifacts: [artifact('x')] });
    for (const method of ['GET', 'POST']) {
      const [entry] = await eventually(async () =>
        (await refusedAttempts()).filter(({ credential, target }) => credential === id && target.method === method),
      );
      expect(entry).toMatchObject({ principal: 'limited', target: { status: 403, code: 'scope-missing' } });
    }
  });

  test.each<[string, () => Promise<{ status: number }>, object]>([
    [
      'a rule broken',
      () => api.post(`/repositories/${repository.name}/artifacts`, { artifacts: [artifact('../x')] }),
      { status: 400, code: 'artifact-path-invalid' },
    ],
    ['a body that is no JSON', () => api.post('/keys', '{'), { status: 400, code: 'request-malformed' }],
    [
      'what is not there',
      () => api.delete(`/repositories/${repository.name}/roles/missing`),
      { status: 404, code: 'role-unknown' },
    ],
    [
      'what is there already',
      () => api.post('/repositories', { name: repository.name, root: repository.root }),
      { status: 409, code: 'repository-exists' },
    ],
    [
      'an edit that comes second',
      () =>
        api.patch(
          `/repositories/${repository.name}/settings`,
          { expiry: { root: { days: 9 } } },
          { 'if-match': `"${'0'.repeat(32)}"` },
        ),
      { status: 412, code: 'precondition-failed' },
    ],
  ])('are entries: %s', async (_, attempt, target) => {
    const answer = await attempt();
    expect(answer).toMatchObject({ status: (target as { status: number }).status });
    const [entry] = await eventually(async () =>
      (await refusedAttempts()).filter(({ target: { code } }) => code === (target as { code: string }).code),
    );
    expect(entry).toMatchObject({ target });
  });

  test('are in the chain of the repository that they were made on, where there is one', async () => {
    const { name } = await readyRepository(api);
    await api.post(`/repositories/${name}/artifacts`, { artifacts: [] });
    await api.post('/repositories/missing/artifacts', { artifacts: [artifact('x')] });
    await eventually(() => auditEntries(api, name, '&action=refused-attempt'));
    const [missing] = await eventually(async () =>
      (await refusedAttempts()).filter(({ target }) => target.repository === 'missing'),
    );
    expect(missing).toMatchObject({ repository: null, principal: 'administrator' });
  });

  test('that repeat are counted, so that a flood does not fill the database', async () => {
    const before = (await refusedAttempts()).length;
    for (let count = 0; count < 300; count += 1) await fetch(`${service.url}/api/v1/audit/chains`, { method: 'GET' });
    service.clock.advance(61);
    const counted = await eventually(async () =>
      (await refusedAttempts()).filter(({ target }) => target.route === '/api/v1/audit/chains' && target.attempts > 1),
    );
    expect(counted).toMatchObject([{ target: { status: 401, attempts: 299 } }]);
    expect((await refusedAttempts()).length - before).toBeLessThan(10);
  });

  test('reading what is not there is none, and neither is a change that its task tells of', async () => {
    const { name } = await readyRepository(api);
    await api.get(`/repositories/${name}/roles/missing`);
    await api.delete(`/repositories/${name}/artifacts/missing?wait=30`);
    await api.post(`/repositories/${name}/artifacts`, { artifacts: [] });
    await eventually(() => auditEntries(api, name, '&action=refused-attempt'));
    const attempts = await auditEntries(api, name, '&action=refused-attempt');
    expect(attempts.map(({ target }) => [target.method, target.status])).toEqual([['POST', 400]]);
  });
});
