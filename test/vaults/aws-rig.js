import { CreateAliasCommand, CreateKeyCommand, KMSClient, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { startFaultyServer } from '../support/faulty-server.js';
import { startMoto } from '../support/moto.js';
/** AWS KMS as moto's server speaks it, behind a server of ours that goes wrong on demand. */
export async function awsKmsRig() {
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' };
    Object.assign(process.env, credentials);
    const moto = await startMoto();
    const kms = new KMSClient({ endpoint: moto.url });
    const [p256, p384, rsa] = [
        await newKey(kms, 'ECC_NIST_P256'),
        await newKey(kms, 'ECC_NIST_P384'),
        await newKey(kms, 'RSA_2048'),
    ];
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/trs-p256', TargetKeyId: p256.KeyId }));
    const server = await startFaultyServer((request) => forwarded(moto.url, request));
    const point = (key) => kms.send(new UpdateAliasCommand({ AliasName: 'alias/trs-p256', TargetKeyId: key }));
    return {
        environment: { TRS_KEY_VAULTS: 'file,awskms', TRS_AWS_KMS_ENDPOINT: server.url },
        credentials,
        uris: {
            'ecdsa-sha2-nistp256': 'awskms:alias/trs-p256',
            'ecdsa-sha2-nistp384': `awskms:${p384.Arn}`,
            'rsassa-pss-sha256': `awskms:${rsa.KeyId}?region=eu-west-1`,
        },
        server,
        throttled: {
            status: 400,
            headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': 'ThrottlingException' },
            body: JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }),
        },
        useWrongKey: async () => {
            await point((await newKey(kms, 'ECC_NIST_P256')).KeyId);
            return async () => void (await point(p256.KeyId));
        },
        stop: async () => {
            kms.destroy();
            await server.close();
            await moto.stop();
        },
    };
}
async function newKey(kms, KeySpec) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }));
    if (!KeyMetadata)
        throw new Error('moto made no key');
    return KeyMetadata;
}
async function forwarded(url, { method, path, headers, body }) {
    const kept = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
    const sent = Object.fromEntries(kept.map((name) => [name, String(headers[name] ?? '')]));
    const answer = await fetch(`${url}${path}`, { method, headers: sent, body: new Uint8Array(body) });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, headers: { 'content-type': type }, body: Buffer.from(await answer.arrayBuffer()) };
}
