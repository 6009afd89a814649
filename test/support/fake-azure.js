import { startFaultyServer } from './faulty-server.js';
import { p1363FromDer, signInput, VaultKeys } from './vault-keys.js';
export const AZURE_VERSION = '0123456789abcdef0123456789abcdef';
const TOKEN = 'an access token of the tests';
const KINDS = {
    'ecdsa-sha2-nistp256': { alg: 'ES256', length: 32, half: 32 },
    'ecdsa-sha2-nistp384': { alg: 'ES384', length: 48, half: 48 },
    'rsassa-pss-sha256': { alg: 'PS256', length: 32, half: 0 },
};
/**
 * Get Key and Sign of Azure Key Vault over TLS, with the challenge for a token before them, and the endpoint that gives
 * an App Service its managed identity; written from the REST reference (learn.microsoft.com/rest/api/keyvault).
 */
export async function startFakeAzure(tls) {
    const keys = new VaultKeys(Object.keys(KINDS));
    const identity = await startFaultyServer(() => {
        const expires = Math.floor(Date.now() / 1_000) + 3_600;
        return { status: 200, body: { access_token: TOKEN, expires_on: `${expires}`, resource: '', token_type: 'Bearer' } };
    });
    return { keys, identity, server: await startFaultyServer((request) => answer(request, keys), tls) };
}
async function answer(request, keys) {
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
        return challenge();
    const { pathname } = new URL(request.path, 'https://fake');
    const [, name = '', action] = new RegExp(`^/keys/([\\w-]+)/${AZURE_VERSION}(/sign)?$`).exec(pathname) ?? [];
    const kid = `https://${request.headers.host}/keys/${name}/${AZURE_VERSION}`;
    if (!keys.privateKey(name))
        return refusal(404, 'KeyNotFound');
    return action
        ? signed(name, kid, keys, JSON.parse(request.body.toString()))
        : described(name, kid, keys);
}
function described(name, kid, keys) {
    const { kty, ...jwk } = keys.publicKey(name)?.export({ format: 'jwk' }) ?? {};
    const key = { kid, kty: `${kty}-HSM`, key_ops: ['sign', 'verify'], ...jwk };
    return { status: 200, body: { key, attributes: { enabled: true, created: 1, updated: 1 } } };
}
async function signed(name, kid, keys, { alg, value }) {
    const digest = Buffer.from(value, 'base64url');
    const kind = KINDS[name];
    const key = keys.privateKey(name);
    if (!key || alg !== kind.alg || digest.length !== kind.length)
        return refusal(400, 'BadParameter');
    const signature = await signInput(key, digest);
    const sent = kind.half === 0 ? signature : p1363FromDer(signature, kind.half);
    return { status: 200, body: { kid, value: sent.toString('base64url') } };
}
function challenge() {
    const header = 'Bearer authorization="https://login.windows.net/tenant", resource="https://vault.azure.net"';
    return { ...refusal(401, 'Unauthorized'), headers: { 'www-authenticate': header } };
}
export function refusal(status, code) {
    return { status, body: { error: { code, message: `${code}, as the fake says` } } };
}
