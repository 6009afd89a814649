import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AZURE_VERSION, refusal as azureRefusal, startFakeAzure } from '../support/fake-azure.js';
import { GCP_RING, refusal as gcpRefusal, startFakeGcpKms } from '../support/fake-gcp-kms.js';
import { startFakeTransit, TRANSIT_TOKEN } from '../support/fake-transit.js';
import { runTool } from '../support/run-tool.js';
import { newPrivateKey } from '../support/vault-keys.js';
import { awsKmsRig } from './aws-rig.js';
export const RIGS = {
    awskms: awsKmsRig,
    gcpkms: gcpRig,
    azurekms: azureRig,
    vault: transitRig,
};
async function transitRig() {
    const { server, keys } = await startFakeTransit();
    return {
        environment: { TRS_KEY_VAULTS: 'file,vault', TRS_VAULT_ADDR: server.url, TRS_VAULT_TOKEN: TRANSIT_TOKEN },
        credentials: {},
        uris: {
            ed25519: 'vault:transit/keys/ed25519/1',
            'ecdsa-sha2-nistp256': 'vault:transit/keys/ecdsa-sha2-nistp256/1',
            'ecdsa-sha2-nistp384': 'vault:transit/keys/ecdsa-sha2-nistp384/1',
            'rsassa-pss-sha256': 'vault:transit/keys/rsassa-pss-sha256/1',
        },
        server,
        throttled: { status: 429, body: { errors: ['request path "transit/sign" rate limit quota exceeded'] } },
        useWrongKey: () => replaced(keys),
        stop: () => server.close(),
    };
}
async function gcpRig() {
    const { server, keys } = await startFakeGcpKms();
    const folder = await mkdtemp(join(tmpdir(), 'trs-gcp-'));
    const credentials = {
        type: 'service_account',
        project_id: 'trs-test',
        private_key_id: 'test',
        private_key: newPrivateKey('rsassa-pss-sha256').export({ type: 'pkcs8', format: 'pem' }),
        client_email: 'trs@trs-test.iam.gserviceaccount.com',
        token_uri: `${server.url}/token`,
    };
    await writeFile(join(folder, 'credentials.json'), JSON.stringify(credentials));
    const variables = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'credentials.json') };
    Object.assign(process.env, variables);
    return {
        environment: { TRS_KEY_VAULTS: 'file,gcpkms', TRS_GCP_KMS_ENDPOINT: server.url },
        credentials: variables,
        uris: {
            ed25519: `gcpkms:${GCP_RING}/ed25519/cryptoKeyVersions/1`,
            'ecdsa-sha2-nistp256': `gcpkms:${GCP_RING}/ecdsa-sha2-nistp256/cryptoKeyVersions/1`,
            'ecdsa-sha2-nistp384': `gcpkms:${GCP_RING}/ecdsa-sha2-nistp384/cryptoKeyVersions/1`,
            'rsassa-pss-sha256': `gcpkms:${GCP_RING}/rsassa-pss-sha256/cryptoKeyVersions/1`,
        },
        server,
        throttled: gcpRefusal(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'),
        useWrongKey: () => replaced(keys),
        stop: async () => {
            await server.close();
            await rm(folder, { recursive: true });
        },
    };
}
async function azureRig() {
    const tls = await certificate();
    setDefaultCACertificates([...getCACertificates('default'), tls.cert]);
    const { server, identity, keys } = await startFakeAzure(tls);
    const variables = { IDENTITY_ENDPOINT: `${identity.url}/token`, IDENTITY_HEADER: 'test' };
    Object.assign(process.env, variables);
    const folder = await mkdtemp(join(tmpdir(), 'trs-azure-'));
    await writeFile(join(folder, 'ca.pem'), tls.cert);
    const uri = (scheme) => `azurekms:${server.url}/keys/${scheme}/${AZURE_VERSION}`;
    return {
        environment: { TRS_KEY_VAULTS: 'file,azurekms', TRS_AZURE_KEY_VAULT_HOST: server.host },
        credentials: { ...variables, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
        uris: {
            'ecdsa-sha2-nistp256': uri('ecdsa-sha2-nistp256'),
            'ecdsa-sha2-nistp384': uri('ecdsa-sha2-nistp384'),
            'rsassa-pss-sha256': uri('rsassa-pss-sha256'),
        },
        server,
        throttled: azureRefusal(429, 'Throttled'),
        useWrongKey: () => replaced(keys),
        stop: async () => {
            await server.close();
            await identity.close();
            await rm(folder, { recursive: true });
        },
    };
}
async function replaced(keys) {
    const putBack = keys.replace('ecdsa-sha2-nistp256');
    return async () => putBack();
}
async function certificate() {
    const folder = await mkdtemp(join(tmpdir(), 'trs-tls-'));
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    const subject = ['-subj', '/CN=fake', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key];
    await runTool('openssl', ['req', '-x509', ...newKey, '-out', files.cert, '-days', '2', ...subject]);
    const made = { key: await readFile(files.key, 'utf8'), cert: await readFile(files.cert, 'utf8') };
    await rm(folder, { recursive: true });
    return made;
}
