import { AwsKmsKeyVault } from './aws-kms-key-vault.js';
import { AzureKeyVault } from './azure-key-vault.js';
import { EnvKeyVault } from './env-key-vault.js';
import { GcpKmsKeyVault } from './gcp-kms-key-vault.js';
import { schemeOf } from './key-uri.js';
import { type KeyUri, KeyUriError } from './key-vault.js';
import { parsePkcs11Uri } from './pkcs11/pkcs11-uri.js';
import type { VaultBackend } from './remote-key-vault.js';
import { TransitKeyVault } from './transit-key-vault.js';

const reached = new Error('the URI was taken');
const load = () => Promise.reject(reached);
const VERSION = '0123456789abcdef0123456789abcdef';
const GCP = 'gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions';

const signal = new AbortController().signal;
const remote = (vault: VaultBackend) => (uri: string) => vault.publicKey(uri as KeyUri, signal);
const aws = remote(new AwsKmsKeyVault(undefined, load));
const gcp = remote(new GcpKmsKeyVault(undefined, 1_000, load));
const azure = remote(new AzureKeyVault('127.0.0.1:8443', { keys: load, identity: load }));
const transit = remote(
  new TransitKeyVault({ address: undefined, token: undefined, tokenFile: undefined, namespace: undefined }),
);
const env = (uri: string) => new EnvKeyVault({}, undefined).publicKey(uri as KeyUri);
const pkcs11 = async (uri: string) => parsePkcs11Uri(uri as KeyUri);

type Read = (uri: string) => Promise<unknown>;

test.each<[string, Read]>([
  ['awskms:1234abcd-12ab-34cd-56ef-1234567890ab', aws],
  ['awskms:mrk-1234abcd12ab34cd56ef1234567890ab?region=us-gov-west-1', aws],
  ['awskms:alias/team/timestamp', aws],
  ['awskms:arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab', aws],
  ['awskms:arn:aws-cn:kms:cn-north-1:123456789012:alias/timestamp', aws],
  [`${GCP}/1`, gcp],
  [`azurekms:https://my-vault.vault.azure.net/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://my-hsm.managedhsm.usgovcloudapi.net/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://127.0.0.1:8443/keys/timestamp/${VERSION}`, azure],
])('%s is a key URI', async (uri, read) => {
  await expect(read(uri)).rejects.toBe(reached);
});

test.each<[string, Read]>([
  ['awskms:', aws],
  ['awskms:alias/a b', aws],
  ['awskms:alias/a?endpoint=http://evil', aws],
  ['awskms:alias/a?region=eu-west-1?region=x', aws],
  ['awskms:arn:aws:s3:eu-west-1:123456789012:key/a', aws],
  [GCP, gcp],
  [`${GCP}/0`, gcp],
  [`${GCP}/1/../2`, gcp],
  ['gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k', gcp],
  ['azurekms:https://my-vault.vault.azure.net/keys/timestamp', azure],
  [`azurekms:http://my-vault.vault.azure.net/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://evil.example/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://my-vault.vault.azure.net.evil.example/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://evil.example/.vault.azure.net/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://user@my-vault.vault.azure.net/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://my-vault.vault.azure.net:8080/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://127.0.0.1:9000/keys/timestamp/${VERSION}`, azure],
  [`azurekms:https://my-vault.vault.azure.net/keys/timestamp/${VERSION}?api-version=1`, azure],
  ['vault:transit/keys/timestamp', transit],
  ['vault:transit/keys/timestamp/0', transit],
  ['vault:../sys/keys/timestamp/1', transit],
  ['vault:transit/keys/../1', transit],
  ['vault:http://evil/keys/a/1', transit],
  ['env:PATH', env],
  ['env:DATABASE_URL', env],
  ['env:TRS_ADMIN_TOKEN', env],
  ['env:TRS_SIGNING_KEY_', env],
  ['pkcs11:', pkcs11],
  ['pkcs11:object=a', pkcs11],
  ['pkcs11:token=a', pkcs11],
  ['pkcs11:token=a;object=b?pin-value=1234', pkcs11],
  ['pkcs11:token=a;object=b?pin-source=file:/etc/passwd', pkcs11],
  ['pkcs11:token=a;object=b?module-path=/tmp/evil.so', pkcs11],
  ['pkcs11:token=a;object=b;pin-value=1234', pkcs11],
  ['pkcs11:token=a;object=b;type=public', pkcs11],
  ['pkcs11:token=a;object=b;object=c', pkcs11],
  ['pkcs11:token=a;object=%zz', pkcs11],
])('%s is none, and reaches nothing', async (uri, read) => {
  const failure = await read(uri).then(
    () => new Error('taken'),
    (caught: Error) => caught,
  );
  expect(failure).toBeInstanceOf(KeyUriError);
  expect(failure.message).not.toContain('1234');
});

test('a PKCS #11 URI is percent-decoded to text and bytes', () => {
  expect(parsePkcs11Uri('pkcs11:token=my%20token;object=sch%C3%BCssel;id=%00%ffA;type=private' as KeyUri)).toEqual({
    token: 'my token',
    serial: undefined,
    object: 'schüssel',
    id: Buffer.from([0x00, 0xff, 0x41]),
  });
});

test.each(['https://a', 'FILE:a', 'awskmsx:a', ''])('no vault is known for %s', (uri) => {
  expect(() => schemeOf(uri as KeyUri)).toThrow(KeyUriError);
});
