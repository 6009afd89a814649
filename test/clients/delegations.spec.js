import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, offlineKey, onlineKey, propose, signatureBy, signEvent, signedRoot, } from '../support/ceremony.js';
import { Consumer } from '../support/consumer.js';
import { startContentServer } from '../support/content-server.js';
import { startService } from '../support/service.js';
import { availableClients } from './stock-client.js';
const { clients } = await availableClients(); // clients.spec.ts tells of those that are missing
let service;
let content;
let folder;
let api;
beforeAll(async () => {
    service = await startService();
    content = await startContentServer();
    folder = await mkdtemp(join(tmpdir(), 'trs-delegations-'));
    api = new Api(service);
});
afterAll(async () => {
    await service.stop();
    await content.close();
    await rm(folder, { recursive: true, force: true });
});
/** The one way to say any path that every client reads. */
const ANY_PATH = { pathHashPrefixes: [''] };
/** A repository, and a client that trusts its first root. */
class Scene {
    constructor(name, root, rootKey, consumer, kind) {
        this.name = name;
        this.root = root;
        this.rootKey = rootKey;
        this.consumer = consumer;
        this.kind = kind;
    }
    static async of(client, { settings, targetsKeys = [] } = {}) {
        const name = `r-${randomUUID().slice(0, 8)}`;
        const rootKey = offlineKey();
        const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
        const root = await signedRoot({ rootKeys: [rootKey], targetsKeys, online: await onlineKey(api) });
        const body = { name, settings: settings ?? { bins: null, targetsListsArtifacts: false }, root };
        const created = await api.post('/repositories?wait=60', body);
        if (targetsKeys.length > 0)
            await signEvent(api, name, created.body.outcome.otherSigningEvents[0], ...targetsKeys);
        else
            expect(created.status).toBe(200);
        const metadataUrl = `${service.url}/repositories/${name}/metadata/`;
        const consumer = await Consumer.of(client, root, { folder, metadataUrl, targetsUrl: content.url });
        return new Scene(name, root, rootKey, consumer, kind);
    }
    get online() {
        return this.root.signed.roles.timestamp.keyids[0] ?? '';
    }
    async publish(path, text) {
        content.put(path, Buffer.from(text));
        const answer = await api.post(this.path('artifacts'), { artifacts: [artifact(path, text)] });
        expect(answer.status).toBeLessThan(300);
        return answer;
    }
    async addRole(name, more) {
        const answer = await api.post(this.path('roles'), { name, keys: [this.online], ...more });
        expect(answer.status).toBeLessThan(300);
        return answer;
    }
    async editRole(name, change) {
        const answer = await api.patch(this.path(`roles/${name}`), change);
        expect(answer.status).toBeLessThan(300);
        return answer;
    }
    async bins(role, count) {
        const answer = await api.put(this.path(`roles/${role}/bins`), { count, kind: this.kind });
        expect(answer.status).toBeLessThan(300);
        return answer;
    }
    sign({ body }, ...signers) {
        return signEvent(api, this.name, body.outcome.signingEvent, ...signers);
    }
    path(rest) {
        return `/repositories/${this.name}/${rest}${rest.includes('?') ? '&' : '?'}wait=60`;
    }
}
describe.each(clients.map((client) => [client.name, client]))('%s', (_, client) => {
    test('finds artifacts in the first role that lists them, and where they moved (obligation 10)', async () => {
        const scene = await Scene.of(client);
        await scene.addRole('everything', ANY_PATH);
        await scene.publish('lib/core', 'listed by everything');
        await scene.publish('app/main', 'listed by everything, too');
        expect(await scene.consumer.download('lib/core')).toBe('listed by everything');
        await scene.addRole('lib', { paths: ['lib/*'], terminating: true, position: 0 });
        expect(await scene.consumer.download('lib/core')).toBe('listed by everything');
        await scene.publish('lib/core', 'listed by lib');
        expect(await scene.consumer.download('lib/core')).toBe('listed by lib');
        expect(await scene.consumer.refusal('lib/other')).toBe('not-found');
        await scene.editRole('lib', { position: 1 });
        expect(await scene.consumer.download('lib/core')).toBe('listed by lib');
        const { body } = await api.get(`/repositories/${scene.name}/artifacts?prefix=lib/`);
        expect(body.items[0].role).toBe('everything');
        expect((await api.delete(scene.path('roles/lib'))).status).toBe(200);
        expect(await scene.consumer.download('lib/core')).toBe('listed by lib');
        expect(await scene.consumer.download('app/main')).toBe('listed by everything, too');
    });
    test('stops at a terminating role that does not list a path', async () => {
        const scene = await Scene.of(client);
        await scene.addRole('everything', ANY_PATH);
        await scene.publish('kept/x', 'found');
        await scene.addRole('wall', { paths: ['wall/*'], terminating: true, position: 0 });
        expect(await scene.consumer.refusal('wall/x')).toBe('not-found');
        expect(await scene.consumer.download('kept/x')).toBe('found');
    });
    test('follows a tree: a role with bins of its own beside one that delegates on', async () => {
        const scene = await Scene.of(client);
        await scene.addRole('team', { paths: ['team/*', 'team/*/*'] });
        await scene.addRole('team-lib', { delegator: 'team', paths: ['team/lib/*'] });
        await scene.addRole('packages', { paths: ['packages/*'] });
        await scene.bins('packages', 16);
        for (const path of ['team/readme', 'team/lib/a', 'packages/p1', 'packages/p2']) {
            await scene.publish(path, `content of ${path}`);
            expect(await scene.consumer.download(path)).toBe(`content of ${path}`);
        }
        const { body } = await api.get(`/repositories/${scene.name}/artifacts`);
        const roles = body.items.map(({ role }) => role.replace(/bins-[0-9a-f]$/, 'bins'));
        expect(roles).toEqual(['packages-bins', 'packages-bins', 'team-lib', 'team']);
    });
    test('sees what a team signs offline when all have signed, and not before', async () => {
        const scene = await Scene.of(client);
        const [first, second, third] = [offlineKey(), offlineKey('ecdsa-sha2-nistp256'), offlineKey()];
        const keys = [first, second].map(({ key }) => key);
        const added = await scene.addRole('team', { paths: ['team/*'], keys, threshold: 2 });
        await scene.consumer.refresh();
        await scene.sign(added, second, first);
        const waiting = await scene.publish('team/tool', 'by the team');
        expect(await scene.consumer.refusal('team/tool')).toBe('not-found');
        await scene.sign(waiting, first);
        expect(await scene.consumer.refusal('team/tool')).toBe('not-found');
        await scene.sign(waiting, second);
        expect(await scene.consumer.download('team/tool')).toBe('by the team');
        const changed = await scene.editRole('team', { keys: [third.key], threshold: 1 });
        expect(await scene.consumer.download('team/tool')).toBe('by the team');
        await scene.sign(changed, third);
        expect(await scene.consumer.download('team/tool')).toBe('by the team');
    });
    test('accepts metadata that a team made itself (delegated metadata signed elsewhere)', async () => {
        const scene = await Scene.of(client);
        const key = offlineKey();
        await scene.sign(await scene.addRole('team', { paths: ['team/*'], keys: [key.key] }), key);
        const { signed } = await getJson(`${service.url}/repositories/${scene.name}/metadata/1.team.json`);
        const { path, ...file } = artifact('team/own', 'made by the team');
        content.put(path, Buffer.from('made by the team'));
        const next = { ...signed, version: 2, targets: { [path]: file } };
        const upload = { signed: next, signatures: [signatureBy(key, next)] };
        expect((await api.put(scene.path('roles/team/metadata'), upload)).status).toBe(200);
        expect(await scene.consumer.download('team/own')).toBe('made by the team');
    });
    test('finds every artifact while the number of bins changes under writes', async () => {
        const scene = await Scene.of(client, {
            settings: { bins: { count: 4, kind: client.supportsSuccinctBins ? 'succinct' : 'classic' } },
        });
        await scene.publish('first', 'from before');
        const counts = [16, 2, 8];
        const writes = Array.from({ length: 9 }, (_, number) => `burst/${number}`);
        for (const [index, count] of counts.entries()) {
            const own = writes.slice(index * 3, index * 3 + 3);
            await Promise.all([
                scene.bins('targets', count),
                ...own.map((path) => scene.publish(path, `content of ${path}`)),
            ]);
            expect(await scene.consumer.download('first')).toBe('from before');
            for (const path of own)
                expect(await scene.consumer.download(path)).toBe(`content of ${path}`);
        }
        for (const path of writes)
            expect(await scene.consumer.download(path)).toBe(`content of ${path}`);
    });
    test('sees artifacts that targets lists itself, each release signed by people', async () => {
        const [first, second] = [offlineKey(), offlineKey('rsassa-pss-sha256')];
        const scene = await Scene.of(client, { settings: { bins: null }, targetsKeys: [first, second] });
        const waiting = await scene.publish('release/1.0', 'by two people');
        expect(await scene.consumer.refusal('release/1.0')).toBe('not-found');
        await scene.sign(waiting, first, second);
        expect(await scene.consumer.download('release/1.0')).toBe('by two people');
    });
    test('trusts targets that only people sign, bins that the service signs, and other keys for both', async () => {
        const kind = client.supportsSuccinctBins ? 'succinct' : 'classic';
        const [targetsKey, nextTargetsKey] = [offlineKey(), offlineKey()];
        const scene = await Scene.of(client, { settings: { bins: { count: 4, kind } }, targetsKeys: [targetsKey] });
        await scene.publish('a/b', 'online bins');
        expect(await scene.consumer.download('a/b')).toBe('online bins');
        const rebinned = await scene.bins('targets', 16);
        await scene.publish('c/d', 'meanwhile');
        await scene.sign(rebinned, targetsKey);
        for (const [path, text] of [
            ['a/b', 'online bins'],
            ['c/d', 'meanwhile'],
        ]) {
            expect(await scene.consumer.download(path)).toBe(text);
        }
        const next = {
            ...nextRoot(scene.root.signed, [scene.rootKey], 1),
            keys: { ...scene.root.signed.keys, [nextTargetsKey.keyId]: nextTargetsKey.key },
            roles: { ...scene.root.signed.roles, targets: { keyids: [nextTargetsKey.keyId], threshold: 1 } },
        };
        const proposed = await propose(api, scene.name, next, [scene.rootKey]);
        expect(proposed).toMatchObject({ status: 202, body: { outcome: { missingSignatures: 0 } } });
        expect(await scene.consumer.refresh()).toMatchObject({ root: 1 });
        await signEvent(api, scene.name, proposed.body.outcome.otherSigningEvents[0], nextTargetsKey);
        expect(await scene.consumer.refresh()).toMatchObject({ root: 2 });
        expect(await scene.consumer.download('c/d')).toBe('meanwhile');
    });
});
