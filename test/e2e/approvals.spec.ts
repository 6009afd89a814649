import { RetentionService } from '../../src/retention/retention.service.js';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, type ReadyRepository, readyRepository, signatureBy } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { tokenWith } from '../support/tokens.js';
import { TrsDesk } from '../support/trs-desk.js';

let service: TestService;
let admin: Api;
/** Two people. */
let alice: Api;
let bob: Api;
let ready: ReadyRepository;
let path: string;

beforeAll(async () => {
  service = await startService();
  admin = new Api(service);
  const scopes = ['artifacts:write', 'roles:write', 'root:propose', 'settings:write', 'changes:approve'];
  alice = (await tokenWith(service, { name: 'Alice', scopes })).api;
  bob = (await tokenWith(service, { name: 'Bob', scopes })).api;
});

afterAll(() => service.stop());

beforeEach(async () => {
  ready = await readyRepository(admin, { bins: null, targetsListsArtifacts: true });
  path = `/repositories/${ready.name}`;
  await alice.post(`${path}/artifacts?wait=30`, { artifacts: [artifact('a'), artifact('b')] });
});

const want = (api: Api, ...approvals: string[]) => api.put(`${path}/approvals`, { approvals });
const remove = (api: Api, artifactPath: string) => api.delete(`${path}/artifacts/${artifactPath}?wait=30`);
const approve = (api: Api, task: string) => api.post(`${path}/tasks/${task}/approval`);
const settled = async (task: string) => (await admin.get(`${path}/tasks/${task}?wait=30`)).body;
const isThere = async (artifactPath: string) => (await admin.get(`${path}/artifacts/${artifactPath}`)).status === 200;

describe('a change that takes two principals', () => {
  test('is not published before another one approves it, and then it is', async () => {
    await want(alice, 'artifact-removals');
    const asked = await remove(alice, 'a');
    expect([asked.status, asked.body.state, asked.body.approvedBy]).toEqual([202, 'awaiting-approval', null]);
    expect(asked.headers.get('location')).toContain(asked.body.id);
    await alice.post(`${path}/artifacts?wait=30`, { artifacts: [artifact('c')] });
    expect(await isThere('a')).toBe(true);

    const own = await approve(alice, asked.body.id);
    expect([own.status, own.body.code]).toEqual([403, 'approval-by-requester']);
    const approved = await approve(bob, asked.body.id);
    expect([approved.status, approved.body.approvedBy]).toEqual([202, 'Bob']);
    expect(await settled(asked.body.id)).toMatchObject({ state: 'succeeded', principal: 'Alice', approvedBy: 'Bob' });
    expect(await isThere('a')).toBe(false);
    expect((await approve(bob, asked.body.id)).body.code).toBe('approval-closed');
  });

  test('is refused when somebody rejects it, and whoever waits for it hears of that', async () => {
    await want(alice, 'artifact-removals');
    const { body } = await remove(alice, 'a');
    const waiting = settled(body.id);
    const rejected = await bob.post(`${path}/tasks/${body.id}/rejection`, { reason: 'still needed' });
    expect([rejected.status, rejected.body.state]).toEqual([200, 'refused']);
    expect((await waiting).outcome.refusal).toEqual({
      code: 'change-rejected',
      detail: 'Bob rejected it: still needed',
    });
    expect((await approve(bob, body.id)).body.code).toBe('approval-closed');
    expect(await isThere('a')).toBe(true);
  });

  test('is approved by nobody without the scope, nor from another repository', async () => {
    await want(alice, 'artifact-removals');
    const { body } = await remove(alice, 'a');
    const { api: publisher } = await tokenWith(service, { scopes: ['artifacts:write'] });
    expect((await approve(publisher, body.id)).body.code).toBe('scope-missing');
    const other = (await readyRepository(admin)).name;
    expect((await bob.post(`/repositories/${other}/tasks/${body.id}/approval`)).body.code).toBe('task-unknown');
    expect((await bob.post(`/repositories/${other}/tasks/${body.id}/rejection`, {})).body.code).toBe('task-unknown');
  });

  test('is decided on once, by whoever comes first', async () => {
    await want(alice, 'artifact-removals');
    const { body } = await remove(alice, 'a');
    const decisions = await Promise.all([
      ...Array.from({ length: 5 }, () => approve(bob, body.id)),
      ...Array.from({ length: 5 }, () => bob.post(`${path}/tasks/${body.id}/rejection`, {})),
    ]);
    expect(decisions.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(decisions.filter(({ status }) => status === 409)).toHaveLength(9);
  });

  test('that nobody decides on in time is refused, and the audit log says so', async () => {
    await want(alice, 'artifact-removals');
    const early = await remove(alice, 'a');
    service.clock.advance(100 * 3_600);
    const late = await remove(alice, 'b');
    service.clock.advance(68 * 3_600);
    await service.app.get(RetentionService).prune();
    expect((await settled(early.body.id)).outcome.refusal.code).toBe('approval-expired');
    expect((await approve(bob, early.body.id)).body.code).toBe('approval-closed');
    const audit = await admin.get(`${path}/audit?limit=1000`);
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({
        principal: null,
        action: 'expire-approval',
        target: expect.objectContaining({ task: early.body.id, askedBy: 'Alice' }),
      }),
    );
    expect((await approve(bob, late.body.id)).status).toBe(202);
    expect((await settled(late.body.id)).state).toBe('succeeded');
  });

  test('is approved by no other token of the same name', async () => {
    await want(alice, 'artifact-removals');
    const { body } = await remove(alice, 'a');
    const { api: second } = await tokenWith(service, { name: 'Alice', scopes: ['changes:approve'] });
    expect((await approve(second, body.id)).body.code).toBe('approval-by-requester');
  });

  test('asked for again with its idempotency key stays the one task', async () => {
    await want(alice, 'artifact-removals');
    const key = { 'idempotency-key': 'once' };
    const first = await alice.delete(`${path}/artifacts/a`, key);
    const again = await alice.delete(`${path}/artifacts/a?wait=10`, key);
    expect([again.status, again.body.id, again.body.state]).toEqual([202, first.body.id, 'awaiting-approval']);
  });

  test('is listed by its state, and tells in the audit log who asked, approved and rejected', async () => {
    await want(alice, 'artifact-removals');
    const [one, two] = [await remove(alice, 'a'), await remove(alice, 'b')];
    const { body } = await bob.get(`${path}/tasks?state=awaiting-approval`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([two.body.id, one.body.id]);
    await approve(bob, one.body.id);
    await bob.post(`${path}/tasks/${two.body.id}/rejection`, {});
    const audit = await admin.get(`${path}/audit?limit=1000`);
    const told = audit.body.items.map(({ principal, action, target }: Record<string, unknown>) => [
      principal,
      action,
      (target as { task?: string }).task,
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['Alice', 'set-approvals', undefined],
        ['Bob', 'approve-change', one.body.id],
        ['Bob', 'reject-change', two.body.id],
      ]),
    );
  });

  test('may be an edit of delegations, or the next root; what is not named stays as it was', async () => {
    await want(alice, 'delegations', 'roots');
    const online = ready.root.signed.roles.targets.keyids[0];
    const added = await alice.post(`${path}/roles`, { name: 'team', keys: [online], paths: ['team/*'] });
    expect(added.body.state).toBe('awaiting-approval');
    const next = nextRoot(ready.root.signed, [offlineKey()], 1);
    const root = { signed: next, signatures: [signatureBy(ready.rootKey, next)] };
    const proposed = await alice.put(`${path}/roles/root/metadata`, root);
    expect(proposed.body.state).toBe('awaiting-approval');
    expect((await remove(alice, 'a')).status).toBe(200);
    expect((await approve(bob, added.body.id)).status).toBe(202);
    expect((await settled(added.body.id)).state).toBe('succeeded');
    expect((await approve(bob, proposed.body.id)).status).toBe(202);
    expect((await settled(proposed.body.id)).outcome).toMatchObject({ missingSignatures: 1 });
  });
});

describe('what takes two principals', () => {
  test('is nothing unless somebody wants it; more of it takes effect at once', async () => {
    expect((await alice.get(`${path}/approvals`)).body).toEqual({ approvals: [], proposal: null });
    expect((await want(alice, 'roots')).body).toEqual({ approvals: ['roots'], proposal: null });
    expect((await want(alice, 'roots', 'delegations')).body.approvals).toEqual(['delegations', 'roots']);
  });

  test('becomes less only when two want the very same', async () => {
    await want(alice, 'roots', 'delegations');
    const proposed = await want(alice, 'roots');
    expect(proposed.body).toMatchObject({
      approvals: ['delegations', 'roots'],
      proposal: { approvals: ['roots'], proposedBy: 'Alice' },
    });
    expect((await want(alice, 'roots')).body.approvals).toEqual(['delegations', 'roots']);
    expect((await want(bob)).body).toMatchObject({ approvals: ['delegations', 'roots'], proposal: { approvals: [] } });
    expect((await want(alice, 'roots')).body.proposal).toMatchObject({ approvals: ['roots'], proposedBy: 'Alice' });
    expect((await want(bob, 'roots')).body).toEqual({ approvals: ['roots'], proposal: null });
  });

  test.each([[['everything']], [null], ['roots']])('is not %j', async (approvals) => {
    expect((await alice.put(`${path}/approvals`, { approvals })).status).toBe(400);
  });
});

describe('trs', () => {
  test('says what awaits approval, and approves or rejects it', async () => {
    const desk = await TrsDesk.at(service);
    const { token } = await tokenWith(service, { name: 'Carol', scopes: ['changes:approve'] });
    const carol = { TRS_TOKEN: token };
    const at = ['--repository', ready.name];
    expect(await desk.fine(['repository', 'approvals', ready.name, '--want', 'artifact-removals'])).toContain(
      'has to approve: artifact-removals.',
    );
    const asked = await desk.fine(['artifact', 'remove', 'a', ...at]);
    const id = /trs task approve (\S+)/.exec(asked)?.[1] ?? '';
    expect(await desk.fine(['task', 'list', ...at, '--state', 'awaiting-approval'])).toContain(id);
    expect(await desk.fine(['task', 'show', id, ...at])).toContain(`trs task approve ${id}`);
    expect((await desk.trs(['task', 'approve', id, ...at])).code).toBe(6);
    expect(await desk.fine(['task', 'approve', id, ...at], carol)).toMatch(/State +succeeded[\s\S]+Approved by +Carol/);
    await desk.fine(['artifact', 'remove', 'b', ...at]);
    const [task] = await desk.json('task', 'list', ...at, '--state', 'awaiting-approval');
    const rejected = await desk.fine(['task', 'reject', task.id, ...at, '--reason', 'no'], carol);
    expect(rejected).toContain('Carol rejected it: no');
    expect(await desk.fine(['repository', 'approvals', ready.name, '--none'])).toContain(
      'somebody else asks for the same',
    );
    await desk.leave();
  });
});
