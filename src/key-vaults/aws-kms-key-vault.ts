import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';
import { inputFor } from './digest.js';
import { type KeyUri, KeyUriError, KeyVaultError } from './key-vault.js';
import { optionalPackage } from './optional-package.js';
import type { VaultBackend } from './remote-key-vault.js';

const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:(?:key|alias)\/[\w/-]+$/;
const KEY = /^(?:alias\/)?[\w/-]+$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** What KMS signs at most without a digest (API reference, Sign). */
const MAXIMUM_MESSAGE_BYTES = 4_096;

/** What is used of @aws-sdk/client-kms. */
interface ClientPackage {
  readonly KMSClient: new (configuration: object) => Client;
  readonly SignCommand: new (input: object) => object;
  readonly GetPublicKeyCommand: new (input: object) => object;
}

interface Client {
  send(
    command: object,
    options: { abortSignal: AbortSignal },
  ): Promise<{ Signature?: Uint8Array; PublicKey?: Uint8Array }>;
}

interface KmsKey {
  readonly keyId: string;
  readonly region: string | undefined;
}

/** AWS KMS: `awskms:KEY`, where KEY is a key id, `alias/NAME` or an ARN, and `?region=REGION` may follow. */
export class AwsKmsKeyVault implements VaultBackend {
  private readonly clients = new Map<string | undefined, Client>();

  constructor(
    private readonly endpoint: string | undefined,
    private readonly load = () => optionalPackage<ClientPackage>('@aws-sdk/client-kms'),
  ) {}

  async publicKey(uri: KeyUri, abortSignal: AbortSignal): Promise<KeyObject> {
    const { keyId, region } = parseUri(uri);
    const { GetPublicKeyCommand } = await this.load();
    const client = await this.client(region);
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }), { abortSignal });
    return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  }

  async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array, abortSignal: AbortSignal): Promise<Uint8Array> {
    const { keyId, region } = parseUri(uri);
    assertSize(uri, scheme, bytes);
    const { SignCommand } = await this.load();
    const client = await this.client(region);
    const message = { Message: inputFor(scheme, bytes), ...algorithmOf(scheme) };
    const { Signature } = await client.send(new SignCommand({ KeyId: keyId, ...message }), { abortSignal });
    return Buffer.from(Signature ?? []);
  }

  private async client(region: string | undefined): Promise<Client> {
    const known = this.clients.get(region);
    if (known) return known;
    const { KMSClient } = await this.load();
    const where = { ...(region && { region }), ...(this.endpoint && { endpoint: this.endpoint }) };
    const client = new KMSClient({ ...where, maxAttempts: 1 }); // repetitions are RemoteKeyVault's
    this.clients.set(region, client);
    return client;
  }
}

function algorithmOf(scheme: KeyScheme): { MessageType: string; SigningAlgorithm: string } {
  switch (scheme) {
    case 'ed25519':
      return { MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' };
    case 'ecdsa-sha2-nistp256':
      return { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' };
    case 'ecdsa-sha2-nistp384':
      return { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_384' };
    case 'rsassa-pss-sha256':
      return { MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PSS_SHA_256' };
    default:
      return scheme satisfies never;
  }
}

// TUF signs with plain Ed25519, which has no digest to send instead.
function assertSize(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): void {
  if (scheme !== 'ed25519' || bytes.length <= MAXIMUM_MESSAGE_BYTES) return;
  const limit = `AWS KMS signs at most ${MAXIMUM_MESSAGE_BYTES} bytes with Ed25519, and this metadata has ${bytes.length}`;
  throw new KeyVaultError(`${uri}: ${limit}; use an ECDSA or RSA key for this role`);
}

function parseUri(uri: KeyUri): KmsKey {
  const [keyId = '', query, ...more] = uri.slice('awskms:'.length).split('?');
  const region = query?.startsWith('region=') ? query.slice('region='.length) : undefined;
  const queryIsGood = query === undefined || (region !== undefined && REGION.test(region));
  const ofArn = ARN.exec(keyId)?.[1];
  if (!queryIsGood || more.length > 0 || (!ofArn && !KEY.test(keyId))) {
    throw new KeyUriError('must be awskms:KEY, where KEY is a key id, alias/NAME or an ARN; ?region=REGION may follow');
  }
  return { keyId, region: region ?? ofArn };
}
