import { createPublicKey } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePrivateKey, generatePrivateKey } from '../../src/key-vaults/private-key.js';
import { keyFromPublicKey, keyIdOf } from '../../src/tuf/key.js';
import { parseRoot } from '../../src/tuf/parse-root.js';
import { missingRootSignatures } from '../../src/tuf/root-trust.js';
import { getJson } from '../support/api.js';
import { startService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';
const DOWN = { TRS_VAULT_ADDR: 'http://127.0.0.1:65535', TRS_VAULT_TOKEN: 'a', TRS_KEY_VAULT_TIMEOUT: '1' };
const NOWHERE = { TRS_SERVER: 'http://127.0.0.1:1' };
const privateKey = await generatePrivateKey('ecdsa-sha2-nistp256');
const inVault = keyIdOf(keyFromPublicKey(createPublicKey(privateKey), 'ecdsa-sha2-nistp256'));
/** The key vault of the signer's machine; the service has no such variable. */
const VAULT = { TRS_SIGNING_KEY_ROOT: encodePrivateKey(privateKey, undefined) };
const URI = 'env:TRS_SIGNING_KEY_ROOT';
let service;
let desk;
beforeAll(async () => {
    const online = encodePrivateKey(await generatePrivateKey('ed25519'), undefined);
    service = await startService({ environment: { TRS_KEY_VAULTS: 'file,env', TRS_SIGNING_KEY_ONLINE: online } });
});
afterAll(() => service.stop());
beforeEach(async () => {
    desk = await TrsDesk.at(service);
});
afterEach(() => desk.leave());
const asked = async (args, variables = {}) => JSON.parse(await desk.fine([...args, '--json'], variables));
const generate = async (name, ...more) => (await asked(['key', 'generate', '--out', `${name}.pem`, '--no-passphrase', ...more])).keyid;
describe('trs key', () => {
    test('names offline keys from a file of any kind, of which only the public half is sent', async () => {
        const [a, b, c] = [await generate('a'), await generate('b', '--scheme', 'rsassa-pss-sha256'), await generate('c')];
        const pem = createPublicKey(await readFile(join(desk.folder, 'b.pem'), 'utf8'));
        await writeFile(join(desk.folder, 'b.public.pem'), pem.export({ type: 'spki', format: 'pem' }));
        const added = await asked(['key', 'add', '--file', 'a.pem.pub.json', '--name', 'root 1', '--owner', 'Alice']);
        expect(added).toMatchObject({ keyId: a, name: 'root 1', owner: 'Alice', kind: 'offline', uri: null });
        expect(await asked(['key', 'add', '--file', 'b.public.pem', '--name', 'root 2'])).toMatchObject({ keyId: b });
        expect(await desk.fine(['key', 'add', '--file', 'c.pem', '--name', 'root 3'])).toMatch(/root 3[\s\S]+offline/);
        const vault = await asked(['key', 'add', '--file', URI, '--name', 'in a vault of mine'], VAULT);
        expect(vault).toMatchObject({ keyId: inVault, kind: 'offline', uri: null });
        const listed = await asked(['key', 'list', '--kind', 'offline']);
        expect(listed.map(({ keyId }) => keyId)).toEqual([a, b, c, inVault]);
        expect(JSON.stringify(listed)).not.toContain('PRIVATE');
        expect(await desk.fine(['key', 'list'])).toMatch(new RegExp(`root 1 +Alice +${a} +ed25519 +offline`));
    });
    test('registers an online key by its URI, and writes its public half', async () => {
        const uri = 'env:TRS_SIGNING_KEY_ONLINE';
        const { keyId, key } = await asked(['key', 'add', '--uri', uri, '--name', 'all roles', '--owner', 'release team']);
        expect(await desk.fine(['key', 'list', '--kind', 'online'])).toContain(`${keyId}  ed25519  ${uri}`);
        expect(await desk.fine(['key', 'show', keyId, '--out', 'online.json'])).toMatch(/release team[\s\S]+the service signs/);
        expect(JSON.parse(await readFile(join(desk.folder, 'online.json'), 'utf8'))).toEqual({ keyid: keyId, key });
        await generate('root');
        const ceremony = ['ceremony', '--repository', 'by-vault', '--root-key', 'root.pem', '--online-key', 'online.json'];
        await desk.fine([...ceremony, '--bins', '2', '--yes']);
        expect(await desk.fine(['repository', 'show', 'by-vault'])).toContain('online: all roles (release team)');
    });
    test('renames', async () => {
        await generate('a');
        const { keyId } = await asked(['key', 'add', '--file', 'a.pem', '--name', 'old', '--owner', 'Bob']);
        expect(await asked(['key', 'rename', keyId, '--name', 'new'])).toMatchObject({ name: 'new', owner: 'Bob' });
        expect(await asked(['key', 'rename', keyId, '--no-owner'])).toMatchObject({ name: 'new', owner: null });
        expect(await asked(['key', 'show', keyId])).toMatchObject({ name: 'new', owner: null });
    });
    test.each([
        ['neither a file nor a URI', ['key', 'add', '--name', 'a'], 2, '--file FILE or --uri URI is missing'],
        ['both', ['key', 'add', '--name', 'a', '--file', 'a.pem', '--uri', URI], 2, '--uri for an online one'],
        ['a URI that the service does not have', ['key', 'add', '--name', 'a', '--uri', URI], 1, 'TRS_SIGNING_KEY_ROOT'],
        ['an id that is none', ['key', 'show', 'abc'], 2, '64 lower-case hex digits'],
        ['an id that nobody knows', ['key', 'show', 'a'.repeat(64)], 3, 'no key with this id'],
        ['nothing to rename', ['key', 'rename', 'a'.repeat(64)], 2, '--no-owner is missing'],
    ])('refuses %s', async (_, args, code, message) => {
        expect(await desk.trs(args)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
    });
});
describe('a key in a vault of the signer', () => {
    const served = (name, version) => getJson(`${service.url}/repositories/${name}/metadata/${version}.root.json`);
    test('signs the first root, and a later one that waits for it', async () => {
        await generate('a');
        const ceremony = ['ceremony', '--repository', 'vault-1', '--root-key', 'a.pem', URI, '--threshold', '2'];
        const { err } = await desk.trs([...ceremony, '--bins', '2', '--yes'], VAULT);
        expect(err).toContain(`${inVault}  now    ${URI}`);
        await desk.fine([
            'root',
            'edit',
            '--repository',
            'vault-1',
            '--expiry-days',
            '400',
            '--sign-with',
            'a.pem',
            '--yes',
        ]);
        const signed = await asked(['sign', '--repository', 'vault-1', '--key', URI, '--yes'], VAULT);
        expect(signed).toMatchObject({ state: 'completed', version: 2, signedBy: [inVault] });
        expect(missingRootSignatures(parseRoot(await served('vault-1', 2)))).toBe(0);
    });
    test('becomes a root key and signs in one edit', async () => {
        const a = await generate('a');
        await desk.fine(['ceremony', '--repository', 'vault-2', '--root-key', 'a.pem', '--bins', '2', '--yes']);
        const edit = ['root', 'edit', '--repository', 'vault-2', '--add-root-key', URI, '--threshold', '2'];
        await desk.fine([...edit, '--sign-with', 'a.pem', '--sign-with', URI, '--yes'], VAULT);
        const root = await served('vault-2', 2);
        expect(root.signed.roles.root).toEqual({ keyids: [a, inVault], threshold: 2 });
        expect(root.signatures.map(({ keyid }) => keyid)).toEqual([a, inVault]);
    });
    test('signs without network', async () => {
        await generate('a');
        const ceremony = ['ceremony', '--repository', 'vault-3', '--root-key', 'a.pem', URI, '--threshold', '1'];
        await desk.fine([...ceremony, '--bins', '2', '--yes'], VAULT);
        await desk.fine(['root', 'edit', '--repository', 'vault-3', '--threshold', '2', '--yes']);
        await desk.fine(['sign', '--repository', 'vault-3', '--out', 'event.json']);
        const sign = ['sign', '--in', 'event.json', '--key', 'a.pem', '--key', URI, '--out', 'signed.json', '--yes'];
        await desk.fine(sign, { ...VAULT, ...NOWHERE });
        expect(await desk.fine(['sign', '--repository', 'vault-3', '--send', 'signed.json'])).toContain('is published');
        expect(missingRootSignatures(parseRoot(await served('vault-3', 2)))).toBe(0);
    });
    test('may be in a folder of keys like that of the service', async () => {
        const root = await generatePrivateKey('ed25519');
        const keyid = keyIdOf(keyFromPublicKey(createPublicKey(root), 'ed25519'));
        await writeFile(join(desk.folder, 'root.pem'), encodePrivateKey(root, 'a passphrase of mine'), { mode: 0o600 });
        const env = { TRS_OFFLINE_PASSPHRASE: 'a passphrase of mine' };
        await desk.fine(['ceremony', '--repository', 'vault-4', '--root-key', 'root.pem', '--bins', '2', '--yes'], env);
        const data = await mkdtemp(join(desk.folder, 'data-'));
        await mkdir(join(data, 'keys'));
        await rename(join(desk.folder, 'root.pem'), join(data, 'keys', `${keyid}.pem`));
        const edit = ['root', 'edit', '--repository', 'vault-4', '--expiry-days', '500', '--yes'];
        const variables = { TRS_DATA_DIR: data, TRS_KEY_PASSPHRASE: 'a passphrase of mine' };
        await desk.fine([...edit, '--sign-with', `file:${keyid}.pem`], variables);
        expect(missingRootSignatures(parseRoot(await served('vault-4', 2)))).toBe(0);
    });
    test.each([
        ['that is not there', URI, {}, 1, 'TRS_SIGNING_KEY_ROOT is not set'],
        ['of another form', 'env:PATH', {}, 2, 'the key URI must be env:NAME'],
        ['in a file that is named like a URI', 'file:root.pem', {}, 2, 'must be file:KEYID.pem'],
        ['whose PIN is in the URI', 'pkcs11:object=a;token=b?pin-value=9999', {}, 2, 'must have no query'],
        ['whose vault is not configured', 'vault:transit/keys/root/1', {}, 1, 'TRS_VAULT_ADDR is not set'],
        ['whose vault is down', 'vault:transit/keys/root/1', DOWN, 5, 'vault:transit/keys/root/1'],
        ['whose vault is configured wrongly', URI, { TRS_PKCS11_MODULE: 'hsm.so' }, 2, 'TRS_PKCS11_MODULE: must be'],
    ])('%s signs nothing, with the reason', async (_, uri, variables, code, message) => {
        const ended = await desk.trs(['key', 'add', '--name', 'a', '--file', uri], variables);
        expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
        expect(ended.err).not.toContain('9999');
    });
});
