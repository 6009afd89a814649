import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { type Route, routesOf } from '../support/routes.js';
import { startService, type TestService } from '../support/service.js';
import { importAll, ndjson } from '../support/streamed-import.js';
import { type MadeToken, tokenWith } from '../support/tokens.js';

/** Every scope, written down once more: what the service itself says of them is what is judged. */
const SCOPES = [
  'repositories:read',
  'repositories:write',
  'settings:write',
  'artifacts:read',
  'artifacts:write',
  'roles:read',
  'roles:write',
  'metadata:write',
  'root:propose',
  'signing-events:read',
  'signing-events:write',
  'signatures:write',
  'keys:read',
  'keys:write',
  'tasks:read',
  'changes:approve',
  'tokens:read',
  'tokens:write',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'metrics:read',
  'admin',
];

const SEE_REPOSITORIES = [
  'repositories:read',
  'repositories:write',
  'settings:write',
  'root:propose',
  'signatures:write',
];
const SEE_ROLES = ['roles:read', 'roles:write', 'metadata:write', 'root:propose', 'signatures:write'];
const CHANGE_REPOSITORIES = [
  'repositories:write',
  'settings:write',
  'artifacts:write',
  'roles:write',
  'metadata:write',
  'root:propose',
  'signing-events:write',
  'signatures:write',
  'changes:approve',
];
const SEE_EVENTS = ['signing-events:read', ...CHANGE_REPOSITORIES];
const SEE_TASKS = ['tasks:read', ...CHANGE_REPOSITORIES];

/** Who may use each route: everyone, or those who hold one of these scopes; an administrator may use all of them. */
const RULES: Readonly<Record<string, 'everyone' | readonly string[]>> = {
  'GET /health/live': 'everyone',
  'GET /health/ready': 'everyone',
  'GET /health/fresh': 'everyone',
  'GET /repositories/:repository/metadata/:file': 'everyone',

  'GET /api/v1/repositories': SEE_REPOSITORIES,
  'POST /api/v1/repositories': ['repositories:write'],
  'GET /api/v1/repositories/:repository': SEE_REPOSITORIES,
  'GET /api/v1/repositories/:repository/forecast': SEE_ROLES,
  'GET /api/v1/repositories/:repository/settings': SEE_REPOSITORIES,
  'PATCH /api/v1/repositories/:repository/settings': ['settings:write'],

  'GET /api/v1/repositories/:repository/artifacts': ['artifacts:read', 'artifacts:write'],
  'POST /api/v1/repositories/:repository/artifacts': ['artifacts:write'],
  'POST /api/v1/repositories/:repository/artifacts/removals': ['artifacts:write'],
  'POST /api/v1/repositories/:repository/artifacts/import': ['artifacts:write'],
  'GET /api/v1/repositories/:repository/artifacts/imports/:task/refusals': ['artifacts:read', 'artifacts:write'],
  'GET /api/v1/repositories/:repository/artifacts/export': ['artifacts:read', 'artifacts:write'],
  'GET /api/v1/repositories/:repository/artifacts/:path': ['artifacts:read', 'artifacts:write'],
  'DELETE /api/v1/repositories/:repository/artifacts/:path': ['artifacts:write'],

  'GET /api/v1/repositories/:repository/roles': SEE_ROLES,
  'POST /api/v1/repositories/:repository/roles': ['roles:write'],
  'POST /api/v1/repositories/:repository/roles/renewals': ['roles:write'],
  'GET /api/v1/repositories/:repository/roles/:role': SEE_ROLES,
  'PATCH /api/v1/repositories/:repository/roles/:role': ['roles:write'],
  'DELETE /api/v1/repositories/:repository/roles/:role': ['roles:write'],
  'PUT /api/v1/repositories/:repository/roles/:role/bins': ['roles:write'],
  'DELETE /api/v1/repositories/:repository/roles/:role/bins': ['roles:write'],
  'PUT /api/v1/repositories/:repository/roles/root/metadata': ['root:propose'],
  'PUT /api/v1/repositories/:repository/roles/:role/metadata': ['metadata:write'],

  'GET /api/v1/repositories/:repository/signing-events': SEE_EVENTS,
  'GET /api/v1/repositories/:repository/signing-events/:event': SEE_EVENTS,
  'GET /api/v1/repositories/:repository/signing-events/:event/payload': SEE_EVENTS,
  'POST /api/v1/repositories/:repository/signing-events/:event/withdrawal': ['signing-events:write'],
  'POST /api/v1/repositories/:repository/signing-events/:event/signatures': ['signatures:write'],

  'GET /api/v1/repositories/:repository/tasks': SEE_TASKS,
  'GET /api/v1/repositories/:repository/tasks/:task': SEE_TASKS,
  'GET /api/v1/repositories/:repository/tasks/:task/events': SEE_TASKS,
  'POST /api/v1/repositories/:repository/tasks/:task/approval': ['changes:approve'],
  'POST /api/v1/repositories/:repository/tasks/:task/rejection': ['changes:approve'],
  'GET /api/v1/repositories/:repository/approvals': SEE_REPOSITORIES,
  'PUT /api/v1/repositories/:repository/approvals': ['settings:write'],

  'GET /api/v1/webhooks': ['webhooks:read', 'webhooks:write'],
  'POST /api/v1/webhooks': ['webhooks:write'],
  'GET /api/v1/webhooks/:webhook': ['webhooks:read', 'webhooks:write'],
  'PATCH /api/v1/webhooks/:webhook': ['webhooks:write'],
  'DELETE /api/v1/webhooks/:webhook': ['webhooks:write'],
  'POST /api/v1/webhooks/:webhook/test': ['webhooks:write'],
  'GET /api/v1/webhooks/:webhook/deliveries': ['webhooks:read', 'webhooks:write'],
  'POST /api/v1/webhooks/:webhook/deliveries/:event/retry': ['webhooks:write'],

  'GET /metrics': ['metrics:read'],
  'GET /repositories/:repository/audit/checkpoint.json': 'everyone',
  'GET /api/v1/repositories/:repository/audit': ['audit:read'],
  'GET /api/v1/repositories/:repository/audit/chain': ['audit:read'],
  'GET /api/v1/repositories/:repository/audit/links': ['audit:read'],
  'GET /api/v1/audit': ['audit:read'],
  'GET /api/v1/audit/chains': ['audit:read'],
  'GET /api/v1/audit/links': ['audit:read'],

  'GET /api/v1/keys': ['keys:read', 'keys:write'],
  'POST /api/v1/keys': ['keys:write'],
  'GET /api/v1/keys/:keyId': ['keys:read', 'keys:write'],
  'PATCH /api/v1/keys/:keyId': ['keys:write'],

  'GET /api/v1/tokens': ['tokens:read', 'tokens:write'],
  'POST /api/v1/tokens': ['tokens:write'],
  'GET /api/v1/tokens/:token': ['tokens:read', 'tokens:write'],
  'DELETE /api/v1/tokens/:token': ['tokens:write'],

  'GET /api/v1/trusted-publishers': ['tokens:read', 'tokens:write'],
  'POST /api/v1/trusted-publishers': ['tokens:write'],
  'GET /api/v1/trusted-publishers/:publisher': ['tokens:read', 'tokens:write'],
  'DELETE /api/v1/trusted-publishers/:publisher': ['tokens:write'],
};

/** Below no repository, and yet for those who are limited to some: they see, and may touch, only what is theirs. */
const FOR_LIMITED = [
  'GET /api/v1/repositories',
  'POST /api/v1/repositories',
  'GET /api/v1/keys',
  'GET /api/v1/keys/:keyId',
  'GET /api/v1/tokens',
  'POST /api/v1/tokens',
  'GET /api/v1/tokens/:token',
  'DELETE /api/v1/tokens/:token',
  'GET /api/v1/trusted-publishers',
  'POST /api/v1/trusted-publishers',
  'GET /api/v1/trusted-publishers/:publisher',
  'DELETE /api/v1/trusted-publishers/:publisher',
];

/** For every route that writes artifacts: how it is asked to write these, and what is asked beside the path. */
const WRITING: Readonly<Record<string, (api: Api, repository: string, paths: readonly string[]) => Promise<number>>> = {
  'POST /api/v1/repositories/:repository/artifacts': async (api, repository, paths) => {
    const artifacts = paths.map((path) => artifact(path));
    return (await api.post(`/repositories/${repository}/artifacts`, { artifacts })).status;
  },
  'POST /api/v1/repositories/:repository/artifacts/removals': async (api, repository, paths) =>
    (await api.post(`/repositories/${repository}/artifacts/removals`, { paths })).status,
  'DELETE /api/v1/repositories/:repository/artifacts/:path': async (api, repository, paths) => {
    const statuses = await Promise.all(
      paths.map(
        async (path) => (await api.delete(`/repositories/${repository}/artifacts/${encodeURIComponent(path)}`)).status,
      ),
    );
    return Math.max(...statuses);
  },
};

/** Judges each line by itself. */
const LINE_BY_LINE = 'POST /api/v1/repositories/:repository/artifacts/import';

let service: TestService;
let admin: Api;
let repository: string;
let routes: Route[];
let closed: Route[];

beforeAll(async () => {
  service = await startService({ environment: { TRS_RATE_LIMIT_ADDRESS: '0' } }); // it tries many tokens in vain
  admin = new Api(service);
  repository = (await readyRepository(admin)).name;
  routes = routesOf(service).filter(({ path }) => path.startsWith('/api/v1/') || !path.startsWith('/api'));
  closed = routes.filter((route) => RULES[nameOf(route)] !== 'everyone');
});

afterAll(() => service.stop());

describe('the authorisation matrix', () => {
  test('has a rule for every route, and no other', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect([...new Set(routes.map(nameOf))].sort()).toEqual(Object.keys(RULES).sort());
  });

  test('knows every scope', async () => {
    const { body } = await admin.post('/tokens', { name: 'all', scopes: SCOPES });
    expect(body.scopes).toEqual(SCOPES);
    const document = await getJson(`${service.url}/api/openapi.json`);
    expect(document.components.schemas.CreateTokenDto.properties.scopes.items.enum.toSorted()).toEqual(
      SCOPES.toSorted(),
    );
  });

  test.each(SCOPES)('for %s: routes that it opens answer as to an administrator, the others 403', async (scope) => {
    const { token } = await tokenWith(service, { scopes: [scope] });
    for (const route of closed) {
      const opens = scope === 'admin' || RULES[nameOf(route)]?.includes(scope) === true;
      const expected = opens ? await ask(route, service.token) : refusal(route, 403, 'scope-missing');
      expect([route, await ask(route, token)]).toEqual([route, expected]);
      if (opens) expect([401, 403]).not.toContain(expected.status);
    }
  });

  test('without a token, with one that is unknown, mistyped, expired or revoked, each route answers 401', async () => {
    const expired = await tokenWith(service, { scopes: ['admin'], expiresIn: { seconds: 60 } });
    const revoked = await tokenWith(service, { scopes: ['admin'] });
    expect((await admin.delete(`/tokens/${revoked.id}`)).status).toBe(200);
    const valid = await tokenWith(service, { scopes: ['admin'] });
    const mistyped = valid.token.slice(0, -1) + (valid.token.endsWith('x') ? 'y' : 'x');
    service.clock.advance(61);
    for (const token of [undefined, 'unknown', mistyped, expired.token, revoked.token]) {
      for (const route of closed) {
        expect([token, route, await ask(route, token)]).toEqual([token, route, refusal(route, 401, 'unauthorized')]);
      }
    }
  });

  test('with a token for other repositories, each route below a repository, or about all of them, answers 403', async () => {
    const { token } = await tokenWith(service, { scopes: ['admin'], repositories: ['other', 'team-*'] });
    for (const route of closed) {
      const isForLimited = FOR_LIMITED.includes(nameOf(route));
      const expected = isForLimited ? await ask(route, service.token) : refusal(route, 403, 'repository-not-allowed');
      expect([route, await ask(route, token)]).toEqual([route, expected]);
    }
    expect(closed.map(nameOf)).toEqual(expect.arrayContaining(FOR_LIMITED));
  });

  test('with a token for this repository, each route below it answers as it does to an administrator', async () => {
    const { token } = await tokenWith(service, { scopes: ['admin'], repositories: [`${repository.slice(0, 5)}*`] });
    for (const route of closed.filter(({ path }) => path.includes(':repository'))) {
      expect([route, await ask(route, token)]).toEqual([route, await ask(route, service.token)]);
    }
  });

  describe('of paths', () => {
    let team: MadeToken;

    beforeAll(async () => {
      team = await tokenWith(service, { scopes: ['artifacts:write'], paths: ['team-a/**'] });
    });

    test('has a way to write for every route that writes artifacts', () => {
      const writing = Object.entries(RULES).filter(([, rule]) => rule.length === 1 && rule.includes('artifacts:write'));
      expect([...Object.keys(WRITING), LINE_BY_LINE].sort()).toEqual(writing.map(([name]) => name).sort());
    });

    test.each(Object.entries(WRITING))(
      '%s: inside them 202, outside 403, and nothing of a mixture',
      async (_, write) => {
        expect(await write(team.api, repository, ['team-a/x', 'team-a/y/z'])).toBe(202);
        const before = await taskCount();
        for (const outside of ['team-b/x', 'team-a', 'team-a-b/x', 'x']) {
          expect([outside, await write(team.api, repository, [outside])]).toEqual([outside, 403]);
        }
        expect(await taskCount()).toBe(before);
        expect(await write(admin, repository, ['team-b/x'])).toBe(202);
      },
    );

    test('refuses the lines of an import that are outside them, and those alone', async () => {
      const lines = ndjson([artifact('team-a/line'), artifact('team-b/line')]);
      const { body } = await importAll({ url: service.url, token: team.token }, repository, lines, {
        query: '?wait=60',
      });
      const task = body.task ?? body;
      expect(task.progress).toMatchObject({ accepted: 1, refused: 1 });
      const refused = await team.api.get(`/repositories/${repository}/artifacts/imports/${task.id}/refusals`);
      expect(JSON.parse(refused.body)).toMatchObject({ line: 2, path: 'team-b/line', code: 'path-not-allowed' });
      expect((await admin.get(`/repositories/${repository}/artifacts/team-a%2Fline`)).status).toBe(200);
      expect((await admin.get(`/repositories/${repository}/artifacts/team-b%2Fline`)).status).toBe(404);
    });

    test('names the first path of a request that is outside them, and records nothing of it', async () => {
      const before = await taskCount();
      const artifacts = [artifact('team-a/x'), artifact('team-b/x')];
      const { status, body } = await team.api.post(`/repositories/${repository}/artifacts`, { artifacts });
      expect([status, body.code, body.errors[0].field]).toEqual([403, 'path-not-allowed', 'artifacts[1].path']);
      expect(await taskCount()).toBe(before);
    });
  });
});

async function taskCount(): Promise<unknown> {
  const [row] = await service.database.query('select count(*) from task');
  return row?.count;
}

function nameOf({ method, path }: Route): string {
  return `${method === 'HEAD' ? 'GET' : method} ${path}`;
}

const PARAMETERS: Readonly<Record<string, string>> = {
  event: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11',
  task: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11',
  token: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11',
  publisher: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11',
  keyId: '0'.repeat(64),
  role: 'targets',
  path: 'nothing',
  file: '1.root.json',
};

interface Asked {
  readonly status: number;
  /** Of the problem; HEAD has none to show. */
  readonly code: string | undefined;
}

function refusal({ method }: Route, status: number, code: string): Asked {
  return { status, code: method === 'HEAD' ? undefined : code };
}

/** Asks for what changes nothing, whoever asks: a body of the wrong kind, and conditions that nothing meets. */
async function ask({ method, path }: Route, token: string | undefined): Promise<Asked> {
  const url = path.replace(/:(\w+)/g, (_, name: string) =>
    name === 'repository' ? repository : (PARAMETERS[name] ?? name),
  );
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(method);
  const response = await fetch(service.url + url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'if-match': 'none',
      'idempotency-key': 'no key',
      ...(hasBody && { 'content-type': 'application/json' }),
    },
    ...(hasBody && { body: '[]' }),
  });
  const text = await response.text();
  return { status: response.status, code: text.startsWith('{') ? JSON.parse(text).code : undefined };
}
