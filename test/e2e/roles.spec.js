import { randomUUID } from 'node:crypto';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, onlineKey, propose, readyRepository, signatureBy, signEvent, signedRoot, } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
let api;
beforeAll(async () => {
    service = await startService();
    api = new Api(service);
});
afterAll(() => service.stop());
const NO_BINS = { bins: null, targetsListsArtifacts: false };
/** One repository whose targets delegates to named roles, and short ways to ask things of it. */
async function scene(settings = NO_BINS) {
    const { name, root, rootKey } = await readyRepository(api, settings);
    const online = root.signed.roles.targets.keyids[0] ?? '';
    const path = `/repositories/${name}`;
    return {
        name,
        root,
        rootKey,
        online,
        add: (role, more) => api.post(`${path}/roles?wait=60`, { name: role, keys: [online], paths: [`${role}/*`], ...more }),
        edit: (role, change, headers = {}) => api.patch(`${path}/roles/${role}?wait=60`, change, headers),
        remove: (role, query = '', headers = {}) => api.delete(`${path}/roles/${role}?wait=60${query}`, headers),
        bins: (role, bins) => api.put(`${path}/roles/${role}/bins?wait=60`, bins),
        role: (role) => api.get(`${path}/roles/${role}`),
        publish: (...paths) => api.post(`${path}/artifacts?wait=60`, { artifacts: paths.map((one) => artifact(one, `content of ${one}`)) }),
        roleOf: async (one) => (await api.get(`${path}/artifacts?prefix=${encodeURIComponent(one)}`)).body.items[0]?.role ?? null,
        events: async () => (await api.get(`${path}/signing-events?state=open`)).body.items,
        sign: (event, ...signers) => signEvent(api, name, event, ...signers),
        upload: (role, metadata) => api.put(`${path}/roles/${role}/metadata?wait=60`, metadata),
        served: (file) => getJson(`${service.url}/repositories/${name}/metadata/${file}`),
        settings: (change, headers = {}) => api.patch(`${path}/settings?wait=60`, change, headers),
    };
}
describe('a delegated role', () => {
    test('gets the artifacts of its paths; a path that nobody may list is refused with that reason', async () => {
        const { add, publish, role, roleOf } = await scene();
        expect((await add('team', { threshold: 1 })).status).toBe(200);
        expect((await publish('team/a')).status).toBe(200);
        expect(await roleOf('team/a')).toBe('team');
        const refused = await publish('other/a');
        expect(refused).toMatchObject({ status: 422, body: { code: 'change-refused' } });
        expect(refused.body.task.outcome.artifacts[0]).toMatchObject({ code: 'artifact-path-not-delegated' });
        expect((await role('team')).body).toMatchObject({
            name: 'team',
            version: 2,
            delegator: 'targets',
            paths: ['team/*'],
            terminating: false,
            position: 0,
            signingEvent: null,
        });
    });
    test('is looked into in its order, and artifacts move when that changes', async () => {
        const { add, edit, publish, roleOf } = await scene();
        await add('wide', { paths: ['lib/*'] });
        await add('narrow', { paths: ['lib/a*'] });
        await publish('lib/a1', 'lib/b1');
        expect([await roleOf('lib/a1'), await roleOf('lib/b1')]).toEqual(['wide', 'wide']);
        expect((await edit('narrow', { position: 0 })).status).toBe(200);
        expect([await roleOf('lib/a1'), await roleOf('lib/b1')]).toEqual(['narrow', 'wide']);
    });
    test('is changed only by those who saw its last change', async () => {
        const { add, edit, remove, role, publish } = await scene();
        await add('team', {});
        const tag = (await role('team')).headers.get('etag') ?? '';
        await publish('team/a'); // signed again, not decided otherwise
        expect((await edit('team', { terminating: true }, { 'if-match': tag })).status).toBe(200);
        const late = await edit('team', { terminating: false }, { 'if-match': tag });
        expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
        expect((await remove('team', '', { 'if-match': tag })).status).toBe(412);
        expect((await edit('team', { terminating: false }, { 'if-match': '*' })).status).toBe(200);
    });
    test('is removed, and goes on counting when it is added again', async () => {
        const { add, remove, publish, role, served, roleOf } = await scene({ bins: null, targetsListsArtifacts: true });
        await add('team', {});
        await publish('team/a');
        expect((await remove('team')).status).toBe(200);
        expect((await role('team')).status).toBe(404);
        expect(await roleOf('team/a')).toBe('targets');
        const timestamp = await served('timestamp.json');
        const snapshot = await served(`${timestamp.signed.meta['snapshot.json'].version}.snapshot.json`);
        expect(snapshot.signed.meta['team.json'].version).toBe(2);
        await add('team', {});
        expect((await role('team')).body.version).toBe(3);
        expect(await roleOf('team/a')).toBe('team');
        expect((await remove('team', '&artifacts=remove')).status).toBe(200);
        expect(await roleOf('team/a')).toBeNull();
    });
    test('that would leave an artifact to nobody is not removed', async () => {
        const { add, remove, publish, roleOf } = await scene();
        await add('team', {});
        await publish('team/a');
        const { status, body } = await remove('team');
        expect([status, body.task.outcome.refusal.code]).toEqual([422, 'artifacts-stranded']);
        expect(await roleOf('team/a')).toBe('team');
    });
    test.each([
        ['the name of a top-level role', { name: 'snapshot' }, 409, 'role-exists'],
        ['the name of a bin', { name: 'bins-0' }, 422, 'role-name-reserved'],
        ['a name that no file can have', { name: '../x' }, 400, 'role-name-invalid'],
        ['no path and no prefix', { paths: undefined }, 400, 'metadata-malformed'],
        ['an unknown key', { keys: ['0'.repeat(64)] }, 400, 'key-invalid'],
        ['a threshold above its keys', { threshold: 2 }, 400, 'threshold-invalid'],
        ['a delegator that is not there', { delegator: 'nobody' }, 404, 'role-unknown'],
        ['a window longer than its expiry', { expiry: { days: 1 }, renewalWindow: { days: 2 } }, 400, 'settings-invalid'],
    ])('is refused with %s', async (_name, dto, status, code) => {
        const { add } = await scene();
        const answer = await add('team', dto);
        expect([answer.status, answer.body.task?.outcome.refusal.code ?? answer.body.code]).toEqual([status, code]);
    });
    test('may delegate to its own bins', async () => {
        const { add, bins, publish, roleOf, role } = await scene();
        await add('team', {});
        await publish('team/a', 'team/b');
        expect((await bins('team', { count: 4 })).status).toBe(200);
        expect(await roleOf('team/a')).toMatch(/^team-bins-[0-3]$/);
        expect((await role('team')).body.bins).toMatchObject({ count: 4, kind: 'succinct' });
    });
});
describe('a role that people sign', () => {
    const people = [offlineKey(), offlineKey()];
    const [first, second] = people;
    const keys = people.map(({ key }) => key);
    test('takes effect with the first version that they sign', async () => {
        const { add, events, sign, served, role, publish } = await scene();
        const added = await add('team', { keys, threshold: 2 });
        expect(added).toMatchObject({ status: 202, body: { state: 'succeeded', outcome: { missingSignatures: 2 } } });
        expect((await served('2.targets.json').catch(() => null))?.signed).toBeUndefined();
        expect((await role('team')).body).toMatchObject({ version: null, signingEvent: added.body.outcome.signingEvent });
        const [event] = await events();
        expect(event).toMatchObject({ role: 'team', version: 1, baseVersion: null, missingSignatures: 2 });
        expect(event.warnings).toEqual([expect.stringContaining('all 2 keys must sign')]);
        expect((await sign(event.id, first)).status).toBe(202);
        expect((await sign(event.id, second)).status).toBe(200);
        expect((await served('2.targets.json')).signed.delegations.roles[0].name).toBe('team');
        const waiting = await publish('team/a');
        expect(waiting).toMatchObject({
            status: 202,
            body: { outcome: { artifacts: [{ path: 'team/a', result: 'awaiting-signatures' }], missingSignatures: 2 } },
        });
    });
    test('has what changes supersede what waited, and says what it changes', async () => {
        const { add, events, sign, publish, roleOf } = await scene();
        await sign((await add('team', { keys, threshold: 1 })).body.outcome.signingEvent, first);
        const one = (await publish('team/a')).body.outcome.signingEvent;
        const two = (await publish('team/b')).body.outcome.signingEvent;
        expect(two).not.toBe(one);
        const [event] = await events();
        expect(event).toMatchObject({ id: two, version: 2, baseVersion: 1 });
        expect(event.changes).toEqual(expect.arrayContaining([expect.stringContaining('artifact team/a added'), expect.stringContaining('team/b')]));
        await sign(two, second);
        expect([await roleOf('team/a'), await roleOf('team/b')]).toEqual(['team', 'team']);
    });
    test('takes metadata that they made and signed, or says which path or rule is not as it has to be', async () => {
        const { add, sign, upload, roleOf, served } = await scene();
        await sign((await add('team', { keys, threshold: 1 })).body.outcome.signingEvent, first);
        const { signed } = await served('1.team.json');
        const { path, ...file } = artifact('team/foreign', 'made elsewhere');
        const next = { ...signed, version: 2, targets: { [path]: { ...file, 'x-note': 'kept' } }, 'x-team': true };
        const by = (metadata, signer) => ({
            signed: metadata,
            signatures: [signatureBy(signer, metadata)],
        });
        const refusals = [
            [by({ ...next, version: 3 }, first), 'metadata-version-wrong'],
            [by({ ...next, expires: '2020-01-01T00:00:00Z' }, first), 'metadata-expired'],
            [by({ ...next, targets: { 'other/x': file } }, first), 'artifact-path-not-delegated'],
            [by(next, offlineKey()), 'signature-foreign'],
            [{ ...by(next, first), signatures: [] }, 'signatures-missing'],
        ];
        for (const [metadata, code] of refusals) {
            const { status, body } = await upload('team', metadata);
            expect([status, body.task?.outcome.refusal.code ?? body.code]).toEqual([422, code]);
        }
        expect((await upload('team', by(next, second))).status).toBe(200);
        expect((await served('2.team.json')).signed).toEqual(next);
        expect(await roleOf('team/foreign')).toBe('team');
    });
    test('opens its event by itself before it expires', async () => {
        const { add, sign, events } = await scene();
        const added = await add('team', {
            keys,
            threshold: 1,
            expiry: { seconds: 3_600 },
            renewalWindow: { seconds: 3_590 },
        });
        await sign(added.body.outcome.signingEvent, first);
        service.clock.advance(20);
        const deadline = Date.now() + 15_000;
        let open = await events();
        while (open.length === 0 && Date.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 250));
            open = await events();
        }
        expect(open).toMatchObject([{ role: 'team', version: 2, baseVersion: 1 }]);
        expect(open[0].changes).toEqual([expect.stringContaining('expiry changes')]);
    });
});
describe('targets that people sign', () => {
    test('waits beside root, and then lists what the bins list without them', async () => {
        const name = `r-${randomUUID().slice(0, 8)}`;
        const [rootKey, targetsKey] = [offlineKey(), offlineKey()];
        const root = await signedRoot({ rootKeys: [rootKey], targetsKeys: [targetsKey], online: await onlineKey(api) });
        const created = await api.post('/repositories?wait=60', { name, settings: { bins: { count: 4 } }, root });
        expect(created).toMatchObject({ status: 202, body: { outcome: { missingSignatures: 0 } } });
        expect((await api.get(`/repositories/${name}`)).body.state).toBe('awaiting-signatures');
        const [event] = created.body.outcome.otherSigningEvents;
        expect((await signEvent(api, name, event, targetsKey)).status).toBe(200);
        const added = await api.post(`/repositories/${name}/artifacts?wait=60`, { artifacts: [artifact('a')] });
        expect(added.status).toBe(200);
        const rebinned = await api.put(`/repositories/${name}/roles/targets/bins?wait=60`, { count: 16 });
        expect(rebinned).toMatchObject({ status: 202, body: { outcome: { missingSignatures: 1 } } });
        await api.post(`/repositories/${name}/artifacts?wait=60`, { artifacts: [artifact('b')] });
        expect((await signEvent(api, name, rebinned.body.outcome.signingEvent, targetsKey)).status).toBe(200);
        const { body } = await api.get(`/repositories/${name}/artifacts`);
        expect(body.items.map(({ path }) => path)).toEqual(['a', 'b']);
        for (const { role } of body.items)
            expect((await api.get(`/repositories/${name}/roles/${role}`)).status).toBe(200);
    });
});
describe('bins with keys of their own', () => {
    test('are signed by them, keep them when root changes the others, and change them without root', async () => {
        const [own, next] = [await onlineKey(api), await onlineKey(api)];
        const { name, root, rootKey, served, role, bins } = await scene({ bins: { count: 4, keys: [own.keyId] } });
        const signers = async (version) => (await served(`${version}.bins-0.json`)).signatures.map(({ keyid }) => keyid);
        expect(await signers(1)).toEqual([own.keyId]);
        expect((await propose(api, name, nextRoot(root.signed, [rootKey], 1, await onlineKey(api)), [rootKey])).status).toBe(200);
        expect((await role('bins-0')).body).toMatchObject({ version: 1, keyIds: [own.keyId] });
        expect((await bins('targets', { count: 4, keys: [next.keyId] })).status).toBe(200);
        expect(await signers(2)).toEqual([next.keyId]);
    });
});
describe('root', () => {
    test('opens its event by itself before it expires, with a later expiry and nothing else', async () => {
        const other = await startService();
        const itsApi = new Api(other);
        const { name } = await readyRepository(itsApi);
        other.clock.advance(300 * 86_400);
        const open = async () => (await itsApi.get(`/repositories/${name}/signing-events?state=open`)).body.items;
        const deadline = Date.now() + 15_000;
        while ((await open()).length === 0 && Date.now() < deadline)
            await new Promise((resolve) => setTimeout(resolve, 250));
        const [event] = await open();
        expect(event).toMatchObject({ role: 'root', version: 2, baseVersion: 1 });
        expect(event.changes).toEqual([expect.stringContaining('expiry changes')]);
        await itsApi.post(`/repositories/${name}/signing-events/${event.id}/withdrawal?wait=20`, { reason: 'not yet' });
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        expect(await open()).toEqual([]);
        await other.stop();
    });
});
describe('settings', () => {
    test('change with a tag, and hold from the next version on', async () => {
        const { settings, name, served } = await scene({ bins: { count: 4 } });
        const before = await api.get(`/repositories/${name}/settings`);
        const tag = before.headers.get('etag') ?? '';
        expect((await settings({ expiry: { timestamp: { seconds: 60 } } }, { 'if-match': tag })).status).toBe(200);
        expect((await settings({ expiry: { timestamp: { days: 2 } } }, { 'if-match': tag })).status).toBe(412);
        await api.post(`/repositories/${name}/roles/renewals?wait=60`, { roles: ['timestamp'] });
        const { signed } = await served('timestamp.json');
        expect(new Date(signed.expires).getTime() - service.clock.now().getTime()).toBeLessThanOrEqual(60_000);
    });
});
