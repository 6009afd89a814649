import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmallSigstore } from '../../src/sigstore/testing/small-sigstore.js';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { keyIdOf } from '../../src/tuf/key.js';
import { Api, getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, propose, readyRepository } from '../support/ceremony.js';
import { startService } from '../support/service.js';
import { runTrs } from '../support/trs.js';
const ANN = { identity: 'ann@example.com', issuer: 'https://accounts.example.com' };
const KEY = { keytype: 'sigstore-oidc', scheme: 'Fulcio', keyval: ANN };
const KEY_ID = keyIdOf(KEY);
const sigstore = new SmallSigstore();
let folder;
let service;
let api;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-sigstore-'));
    const trustedRoot = join(folder, 'trusted_root.json');
    await writeFile(trustedRoot, JSON.stringify(sigstore.trustedRoot));
    service = await startService({ environment: { TRS_SIGSTORE_TRUSTED_ROOT: trustedRoot } });
    api = new Api(service);
});
afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
});
/** The next root, in which a Sigstore identity has to sign beside the root key there was. */
async function proposed(of) {
    const { name, root, rootKey } = await readyRepository(of);
    const next = withAnn(nextRoot(root.signed, [rootKey], 2));
    return { name, next, answer: await propose(of, name, next, [rootKey]) };
}
function withAnn(root) {
    const { keyids, threshold } = root.roles.root;
    const roles = { ...root.roles, root: { keyids: [...keyids, KEY_ID], threshold } };
    return { ...root, keys: { ...root.keys, [KEY_ID]: KEY }, roles };
}
describe('a root key that is a Sigstore identity', () => {
    test('signs by a bundle, after signers were told which clients it shuts out', async () => {
        const { name, next, answer } = await proposed(api);
        const path = `/repositories/${name}/signing-events/${answer.body.outcome.signingEvent}`;
        const { body: event } = await api.get(path);
        expect(event).toMatchObject({ missingSignatures: 1, mayBeSignedBy: [KEY_ID] });
        expect(event.warnings).toContainEqual(expect.stringContaining('go-tuf and tough refuse root'));
        const bundle = sigstore.sign(canonicalBytes(next), ANN);
        const signed = await api.post(`${path}/signatures?wait=30`, { keyid: KEY_ID, bundle });
        expect(signed).toMatchObject({ status: 200, body: { state: 'succeeded' } });
        const served = await getJson(`${service.url}/repositories/${name}/metadata/2.root.json`);
        expect(served.signatures).toContainEqual({ keyid: KEY_ID, sig: '', bundle });
        expect((await api.get(path)).body).toMatchObject({ state: 'completed', missingSignatures: 0 });
    });
    test.each([
        [
            'by another',
            (next) => ({ bundle: sigstore.sign(canonicalBytes(next), { ...ANN, identity: 'bob@example.com' }) }),
            'signature-invalid',
        ],
        [
            'of another root',
            (next) => ({ bundle: sigstore.sign(canonicalBytes({ ...next, version: 3 }), ANN) }),
            'signature-invalid',
        ],
        [
            'by another Sigstore',
            (next) => ({ bundle: new SmallSigstore().sign(canonicalBytes(next), ANN) }),
            'signature-invalid',
        ],
        ['that is text', () => ({ bundle: '{}' }), 'request-invalid'],
        ['that is not there', () => ({}), 'request-invalid'],
        ['that is endless', () => ({ bundle: { x: 'x'.repeat(70_000) } }), 'metadata-malformed'],
    ])('is refused a bundle %s', async (_name, made, code) => {
        const { name, next, answer } = await proposed(api);
        const path = `/repositories/${name}/signing-events/${answer.body.outcome.signingEvent}/signatures?wait=30`;
        const { status, body } = await api.post(path, { keyid: KEY_ID, ...made(next) });
        expect({ status, code: body.code }).toEqual({ status: 400, code });
    });
    test('signs with trs: the payload, a bundle of another tool, and trs sign --bundle', async () => {
        const { name } = await proposed(api);
        const trs = (...args) => runTrs(args, folder, { TRS_SERVER: service.url, TRS_TOKEN: service.token });
        expect(await trs('event', 'show', '--repository', name, '--payload', 'payload')).toMatchObject({ code: 0 });
        const bundle = sigstore.sign(await readFile(join(folder, 'payload')), ANN);
        await writeFile(join(folder, 'payload.bundle'), JSON.stringify(bundle));
        const stranger = await trs('sign', '--repository', name, '--bundle', `${'a'.repeat(64)}=payload.bundle`, '--yes');
        expect(stranger.code).not.toBe(0);
        expect(stranger.err).toContain('not one of the keys');
        const signed = await trs('sign', '--repository', name, '--bundle', `${KEY_ID}=payload.bundle`, '--yes');
        expect(signed).toMatchObject({ code: 0, out: expect.stringContaining('root version 2') });
        expect(signed.err).toContain('ann@example.com');
    });
    test('is refused at once where no Sigstore is trusted', async () => {
        const plain = await startService();
        try {
            const { answer } = await proposed(new Api(plain));
            expect(answer).toMatchObject({ status: 400, body: { code: 'sigstore-not-configured' } });
            expect(answer.body.detail).toContain('TRS_SIGSTORE_TRUSTED_ROOT');
        }
        finally {
            await plain.stop();
        }
    });
});
describe('a delegated role that a Sigstore identity signs', () => {
    test('takes effect with a bundle, and lists artifacts with another one', async () => {
        const { name } = await readyRepository(api, { bins: null });
        const role = { name: 'team', paths: ['team/*'], keys: [KEY] };
        const added = await api.post(`/repositories/${name}/roles?wait=30`, role);
        expect(added).toMatchObject({ status: 202, body: { outcome: { missingSignatures: 1 } } });
        const signed = async (id) => {
            const path = `/repositories/${name}/signing-events/${id}`;
            const { body } = await api.get(path);
            const bundle = sigstore.sign(canonicalBytes(body.metadata.signed), ANN);
            return api.post(`${path}/signatures?wait=30`, { keyid: KEY_ID, bundle });
        };
        expect((await signed(added.body.outcome.signingEvent)).status).toBe(200);
        const waiting = await api.post(`/repositories/${name}/artifacts?wait=30`, { artifacts: [artifact('team/a')] });
        expect((await signed(waiting.body.outcome.signingEvent)).status).toBe(200);
        const { body } = await api.get(`/repositories/${name}/artifacts`);
        expect(body.items).toMatchObject([{ path: 'team/a', role: 'team' }]);
        const { body: targets } = await api.post(`/repositories/${name}/roles/renewals?wait=30`, { roles: ['team'] });
        const { body: event } = await api.get(`/repositories/${name}/signing-events/${targets.outcome.signingEvent}`);
        expect(event).toMatchObject({ role: 'team', version: 3, mayBeSignedBy: [KEY_ID] });
    });
});
