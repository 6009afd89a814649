import { startFaultyServer } from './faulty-server.js';
import { signInput, VaultKeys } from './vault-keys.js';
export const TRANSIT_TOKEN = 'a token of the tests';
const TYPES = {
    ed25519: 'ed25519',
    'ecdsa-sha2-nistp256': 'ecdsa-p256',
    'ecdsa-sha2-nistp384': 'ecdsa-p384',
    'rsassa-pss-sha256': 'rsa-2048',
};
/**
 * The two routes of Vault's transit engine that the service uses, with real keys, written from the API documentation
 * (developer.hashicorp.com/vault/api-docs/secret/transit): mount `transit`, keys named by scheme, at version 1.
 */
export async function startFakeTransit() {
    const keys = new VaultKeys(Object.keys(TYPES));
    return { keys, server: await startFaultyServer((request) => answer(request, keys)) };
}
async function answer(request, keys) {
    if (request.headers['x-vault-token'] !== TRANSIT_TOKEN)
        return refusal(403, 'permission denied');
    const [, action, name = ''] = /^\/v1\/transit\/(keys|sign)\/([\w-]+)$/.exec(request.path) ?? [];
    if (!keys.privateKey(name))
        return refusal(404, 'no such key');
    if (action === 'keys' && request.method === 'GET')
        return describe(name, keys);
    if (action === 'sign' && request.method === 'POST')
        return signed(name, keys, JSON.parse(request.body.toString()));
    return refusal(405, 'unsupported operation');
}
function describe(name, keys) {
    const key = keys.publicKey(name);
    const spki = key?.export({ type: 'spki', format: 'der' }) ?? Buffer.alloc(0);
    const pem = key?.export({ type: 'spki', format: 'pem' }).toString() ?? '';
    const publicKey = name === 'ed25519' ? spki.subarray(-32).toString('base64') : pem;
    const version = { creation_time: '2026-01-01T00:00:00Z', name: TYPES[name], public_key: publicKey };
    return { status: 200, body: { data: { name, type: TYPES[name], latest_version: 1, keys: { 1: version } } } };
}
async function signed(name, keys, request) {
    const key = keys.privateKey(name);
    const input = Buffer.from(request.input, 'base64');
    if (!key || request.key_version !== 1)
        return refusal(400, 'requested version for signing is not known');
    if (name !== 'ed25519' && !(request.prehashed && input.length === digestLength(request.hash_algorithm))) {
        return refusal(400, 'the input is no digest of that algorithm');
    }
    if (name.startsWith('rsa') && (request.signature_algorithm !== 'pss' || request.salt_length !== 'hash')) {
        return refusal(400, 'this fake signs PSS with a salt of the length of the hash only');
    }
    const signature = await signInput(key, input);
    return { status: 200, body: { data: { signature: `vault:v1:${signature.toString('base64')}`, key_version: 1 } } };
}
function digestLength(algorithm) {
    return algorithm === 'sha2-384' ? 48 : 32;
}
function refusal(status, reason) {
    return { status, body: { errors: [reason] } };
}
