import { setTimeout as pause } from 'node:timers/promises';
import type { Targets } from '../../src/tuf/metadata.js';
import { signedBy } from '../../src/tuf/testing/key-ring.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import {
  nextRoot,
  type OfflineKey,
  type OnlineKey,
  offlineKey,
  onlineKey,
  propose,
  signatureBy,
  signedRoot,
} from '../support/ceremony.js';
import type { TestService } from '../support/service.js';
import { importAll, ndjson } from '../support/streamed-import.js';
import { tokenWith } from '../support/tokens.js';

/** A request that is to succeed, for an operation that hardly ever meets one by chance. */
interface Example {
  readonly operation: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Scene {
  /** What there is to ask for, by the parameter of a path that names it. */
  readonly things: Readonly<Record<string, readonly string[]>>;
  readonly examples: readonly Example[];
}

/** Addresses of others that the service asks or tells. */
export interface Outside {
  readonly issuer: string;
  /** One that takes no message, so that there always is one to send again. */
  readonly receiver: string;
}

const ROLE = 'team-a';
const OFFLINE_ROLE = 'team-b';
const PATHS = ['app/1.0/app.tar.gz', `${ROLE}/a`, `${OFFLINE_ROLE}/a`];

/** Furnishes a service with one of everything, under the names that the document has for examples. */
export async function furnish(service: TestService, { issuer, receiver }: Outside): Promise<Scene> {
  const api = new Api(service);
  const keys = { root: offlineKey(), other: offlineKey(), person: offlineKey(), online: await onlineKey(api) };
  const { root, other, person, online } = keys;
  await must(api.post('/keys', { key: person.key, name: 'person', owner: 'someone' }));
  const { id: webhook } = await must(api.post('/webhooks', { name: 'told', url: receiver }));
  const first = await signedRoot({ rootKeys: [root], online });
  for (const name of ['demo', 'spare', 'careful']) await makeRepository(api, name, first, keys);
  const awaiting = await removalsAwaitingApproval(service, api);
  const lines = ndjson([artifact('imported'), { path: '../refused' }]);
  const imported = await importAll(service, 'demo', lines, { query: '?wait=60' });
  const second = nextRoot(first.signed, [root, other], 2, online);
  await must(propose(api, 'demo', second, [root]));
  const unsigned = await signedRoot({ rootKeys: [root, other], signers: [root], online });
  await must(api.post('/repositories', { name: 'unsigned', root: unsigned }));
  const publisher = { name: 'ci', issuer, audience: 'trs', scopes: ['artifacts:write'], claims: { sub: 'job' } };
  const published = await must(api.post('/trusted-publishers', publisher));
  const token = await tokenWith(service, { scopes: ['artifacts:write'] });
  return {
    things: {
      repository: ['demo', 'demo', 'demo', 'unsigned'],
      path: PATHS,
      role: [ROLE, OFFLINE_ROLE, 'targets', 'root'],
      event: await idsAt(api, '/repositories/demo/signing-events'),
      task: [imported.body.task.id, ...(await idsAt(api, '/repositories/demo/tasks'))],
      keyId: [online.keyId, person.keyId],
      token: [token.id],
      publisher: [published.id],
      issuer: [issuer],
      webhook: [webhook],
      receiver: [receiver],
    },
    examples: [
      { operation: 'POST /api/v1/repositories', body: { name: 'another', root: first } },
      { operation: 'POST /api/v1/trusted-publishers', body: publisher },
      {
        operation: 'POST /api/v1/webhooks/{webhook}/deliveries/{event}/retry',
        path: { webhook, event: await firstMessage(api, webhook) },
      },
      {
        operation: 'POST /api/v1/repositories/{repository}/tasks/{task}/approval',
        path: { repository: 'careful', task: awaiting[0] ?? '' },
      },
      {
        operation: 'POST /api/v1/repositories/{repository}/tasks/{task}/rejection',
        path: { repository: 'careful', task: awaiting[1] ?? '' },
        body: { reason: 'still needed' },
      },
      {
        operation: 'POST /api/v1/repositories/{repository}/roles',
        path: { repository: 'spare' },
        body: { name: 'team-c', keys: [online.keyId], paths: ['team-c/*'] },
      },
      {
        operation: 'PATCH /api/v1/repositories/{repository}/roles/{role}',
        path: { repository: 'spare', role: ROLE },
        body: { terminating: true },
      },
      {
        operation: 'PUT /api/v1/repositories/{repository}/roles/{role}/bins',
        path: { repository: 'spare', role: ROLE },
        body: { count: 4 },
      },
      {
        operation: 'PUT /api/v1/repositories/{repository}/roles/{role}/metadata',
        path: { repository: 'spare', role: OFFLINE_ROLE },
        body: signedBy(await firstVersion(api, OFFLINE_ROLE), person),
      },
      {
        operation: 'PUT /api/v1/repositories/{repository}/roles/root/metadata',
        path: { repository: 'spare' },
        body: signedBy(second, root, other),
      },
      {
        operation: 'POST /api/v1/repositories/{repository}/signing-events/{event}/signatures',
        path: { repository: 'unsigned', event: (await idsAt(api, '/repositories/unsigned/signing-events'))[0] ?? '' },
        body: signatureBy(other, unsigned.signed),
      },
    ],
  };
}

interface Keys {
  readonly person: OfflineKey;
  readonly online: OnlineKey;
}

/** With a role that the service signs, and one that waits for a person. */
async function makeRepository(api: Api, name: string, root: object, { person, online }: Keys): Promise<void> {
  const path = `/repositories/${name}`;
  await must(api.post('/repositories?wait=60', { name, root, settings: { bins: null, targetsListsArtifacts: true } }));
  await must(api.post(`${path}/roles?wait=60`, { name: ROLE, keys: [online.keyId], paths: [`${ROLE}/*`] }));
  await must(
    api.post(`${path}/roles?wait=60`, { name: OFFLINE_ROLE, keys: [person.keyId], paths: [`${OFFLINE_ROLE}/*`] }),
  );
  await must(api.post(`${path}/artifacts?wait=60`, { artifacts: PATHS.map((one) => artifact(one)) }));
}

/** Asked for by somebody else than who may approve them here. */
async function removalsAwaitingApproval(service: TestService, api: Api): Promise<string[]> {
  await must(api.put('/repositories/careful/approvals', { approvals: ['artifact-removals'] }));
  const asking = await tokenWith(service, { name: 'asking', scopes: ['artifacts:write'] });
  const paths = ['app/1.0/app.tar.gz', `${ROLE}/a`];
  const removals = paths.map((path) =>
    asking.api.delete(`/repositories/careful/artifacts/${encodeURIComponent(path)}`),
  );
  return (await Promise.all(removals.map(must))).map(({ id }) => id);
}

/** What the service proposes that people sign. */
async function firstVersion(api: Api, role: string): Promise<Targets> {
  const { items } = await must(api.get('/repositories/spare/signing-events'));
  const { id } = items.find((event: { role: string }) => event.role === role);
  return (await must(api.get(`/repositories/spare/signing-events/${id}`))).metadata.signed;
}

/** The first message for a webhook, as soon as there is one. */
async function firstMessage(api: Api, webhook: string): Promise<string> {
  for (;;) {
    const [first] = (await must(api.get(`/webhooks/${webhook}/deliveries`))).items;
    if (first) return first.event ?? first.id;
    await pause(100);
  }
}

async function idsAt(api: Api, path: string): Promise<string[]> {
  return (await must(api.get(path))).items.map(({ id }: { id: string }) => id);
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
async function must(asked: ReturnType<Api['get']>): Promise<any> {
  const { status, body } = await asked;
  if (status >= 400) throw new Error(JSON.stringify(body));
  return body;
}
