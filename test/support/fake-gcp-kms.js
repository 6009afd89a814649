import { startFaultyServer } from './faulty-server.js';
import { signInput, VaultKeys } from './vault-keys.js';
export const GCP_RING = 'projects/trs-test/locations/europe-west1/keyRings/tuf/cryptoKeys';
const ALGORITHMS = {
    ed25519: 'EC_SIGN_ED25519',
    'ecdsa-sha2-nistp256': 'EC_SIGN_P256_SHA256',
    'ecdsa-sha2-nistp384': 'EC_SIGN_P384_SHA384',
    'rsassa-pss-sha256': 'RSA_SIGN_PSS_2048_SHA256',
};
/**
 * getPublicKey and asymmetricSign of Cloud KMS over REST, with real keys, written from the API reference
 * (cloud.google.com/kms/docs/reference/rest): version 1 of one key for each scheme, named like it.
 */
export async function startFakeGcpKms() {
    const keys = new VaultKeys(Object.keys(ALGORITHMS));
    return { keys, server: await startFaultyServer((request) => answer(request, keys)) };
}
async function answer({ method, path, headers, body }, keys) {
    if (!headers.authorization?.startsWith('Bearer '))
        return refusal(401, 'UNAUTHENTICATED', 'no credentials');
    const { pathname } = new URL(path, 'http://fake');
    const pattern = new RegExp(`^/v1/(${GCP_RING}/([\\w-]+)/cryptoKeyVersions/1)(/publicKey|:asymmetricSign)$`);
    const [, name, scheme, action] = pattern.exec(decodeURIComponent(pathname)) ?? [];
    const key = keys.privateKey(scheme ?? '');
    if (!name || !scheme || !key)
        return refusal(404, 'NOT_FOUND', `${pathname} is not there`);
    if (method === 'GET' && action === '/publicKey') {
        const pem = keys.publicKey(scheme)?.export({ type: 'spki', format: 'pem' });
        return { status: 200, body: { name, pem, algorithm: ALGORITHMS[scheme], protectionLevel: 'HSM' } };
    }
    const { data, digest } = JSON.parse(body.toString());
    const field = scheme.endsWith('384') ? 'sha384' : 'sha256';
    const input = scheme === 'ed25519' ? data : digest?.[field];
    if (!input)
        return refusal(400, 'INVALID_ARGUMENT', 'the digest or the data does not fit the algorithm');
    const signature = await signInput(key, Buffer.from(input, 'base64'));
    return { status: 200, body: { name, signature: signature.toString('base64'), protectionLevel: 'HSM' } };
}
export function refusal(code, status, message) {
    return { status: code, body: { error: { code, status, message } } };
}
