import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyVault, KeyVaultError } from '../../src/key-vaults/key-vault.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
let service;
beforeEach(async () => {
    service = await startService({ environment: { TRS_LOG_LEVEL: 'error' } });
});
afterEach(() => service.stop());
const ready = async () => {
    const response = await fetch(`${service.url}/health/ready`);
    return {
        status: response.status,
        body: (await response.json()),
    };
};
describe('health', () => {
    test('says that the process lives and that everything is ready', async () => {
        await readyRepository(new Api(service));
        expect(await getJson(`${service.url}/health/live`)).toEqual({ status: 'live' });
        expect(await ready()).toMatchObject({ status: 200, body: { keyVault: { status: 'up', detail: '1 keys sign' } } });
    });
    test('says when something is expired, here a root that only people can renew', async () => {
        await readyRepository(new Api(service));
        service.clock.advance(366 * 86_400);
        expect(await ready()).toMatchObject({ status: 503, body: { freshness: { status: 'down' } } });
    });
    test('says when a change waits for long', async () => {
        const api = new Api(service);
        const { name } = await readyRepository(api);
        await service.database.query(`update task set state = 'waiting', created_at = now() - interval '2 minutes'`);
        expect((await ready()).body.publishing).toMatchObject({ status: 'down' });
        await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('a')] });
        expect((await ready()).body.publishing).toMatchObject({ status: 'up' });
    });
});
describe('a key vault that does not sign', () => {
    test('shows in readiness, delays publishing, loses nothing, and heals', async () => {
        const api = new Api(service);
        const { name } = await readyRepository(api);
        const vault = service.app.get(KeyVault);
        const sign = vault.sign;
        vault.sign = () => Promise.reject(new KeyVaultError('out of order, as this test wants it'));
        service.app.useLogger(false);
        const { body: task } = await api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact('a')] });
        await new Promise((resolve) => setTimeout(resolve, 10_500)); // readiness trusts a proof for ten seconds
        expect(await ready()).toMatchObject({ status: 503, body: { keyVault: { status: 'down' } } });
        expect((await api.get(`/repositories/${name}/tasks/${task.id}`)).body.state).toBe('waiting');
        vault.sign = sign;
        expect((await api.get(`/repositories/${name}/tasks/${task.id}?wait=15`)).body.state).toBe('succeeded');
        expect(await ready()).toMatchObject({ status: 200 });
    });
    test('never gets a wrong signature past the client check', async () => {
        const api = new Api(service);
        const { name } = await readyRepository(api);
        const vault = service.app.get(KeyVault);
        const sign = vault.sign;
        vault.sign = async () => Buffer.alloc(64, 7);
        service.app.useLogger(false);
        const { body: task } = await api.post(`/repositories/${name}/artifacts?wait=2`, { artifacts: [artifact('a')] });
        expect(task.state).toBe('waiting');
        expect((await getJson(`${service.url}/repositories/${name}/metadata/timestamp.json`)).signed.version).toBe(1);
        vault.sign = sign;
        expect((await api.get(`/repositories/${name}/tasks/${task.id}?wait=15`)).body).toMatchObject({
            state: 'succeeded',
            revision: 2,
        });
    });
    test('because its key file is gone keeps the service from starting, with the reason', async () => {
        await readyRepository(new Api(service));
        await rm(join(service.dataFolder, 'keys'), { recursive: true });
        await expect(startService({ besides: service })).rejects.toThrow('cannot read the private key');
    });
});
