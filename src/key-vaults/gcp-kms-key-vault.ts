import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';
import { hashOf, inputFor } from './digest.js';
import { type KeyUri, KeyUriError, KeyVaultError } from './key-vault.js';
import { optionalPackage } from './optional-package.js';
import type { VaultBackend } from './remote-key-vault.js';

const GCP_URI =
  /^gcpkms:(projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+\/cryptoKeyVersions\/[1-9]\d*)$/;

/** A key version of Google signs with this one algorithm only. */
const ALGORITHMS = /^(?:EC_SIGN_ED25519|EC_SIGN_P256_SHA256|EC_SIGN_P384_SHA384|RSA_SIGN_PSS_\d+_SHA256)$/;

/** What is used of @google-cloud/kms. */
interface ClientPackage {
  readonly KeyManagementServiceClient: new (options: object) => Client;
}

interface Client {
  getPublicKey(request: object, options: object): Promise<[{ pem?: string; algorithm?: string }]>;
  asymmetricSign(request: object, options: object): Promise<[{ signature?: Uint8Array | string }]>;
}

/** Google Cloud KMS: `gcpkms:projects/…/cryptoKeyVersions/N`, over its REST interface. */
export class GcpKmsKeyVault implements VaultBackend {
  private client: Promise<Client> | null = null;

  constructor(
    private readonly endpoint: string | undefined,
    private readonly timeoutMs: number,
    private readonly load = () => optionalPackage<ClientPackage>('@google-cloud/kms'),
  ) {}

  async publicKey(uri: KeyUri): Promise<KeyObject> {
    const name = nameOf(uri);
    const client = await this.connect();
    const [{ pem, algorithm }] = await client.getPublicKey({ name }, this.callOptions);
    if (!ALGORITHMS.test(algorithm ?? '')) {
      const known = 'EC_SIGN_ED25519, EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384 or RSA_SIGN_PSS_…_SHA256';
      throw new KeyVaultError(`${uri} has the algorithm ${algorithm}; TUF clients verify ${known}`);
    }
    return createPublicKey(pem ?? '');
  }

  async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    const name = nameOf(uri);
    const hash = hashOf(scheme);
    const input = inputFor(scheme, bytes);
    const client = await this.connect();
    const message = hash === null ? { data: input } : { digest: { [hash]: input } };
    const [{ signature }] = await client.asymmetricSign({ name, ...message }, this.callOptions);
    return typeof signature === 'string' ? Buffer.from(signature, 'base64') : Buffer.from(signature ?? []);
  }

  // Google's own repetitions are off: RemoteKeyVault's are the same for every vault.
  private get callOptions(): object {
    return { timeout: this.timeoutMs, retry: { retryCodes: [], backoffSettings: {} } };
  }

  private connect(): Promise<Client> {
    this.client ??= this.open();
    return this.client;
  }

  private async open(): Promise<Client> {
    const { KeyManagementServiceClient } = await this.load();
    return new KeyManagementServiceClient({ fallback: true, ...endpointOptions(this.endpoint) });
  }
}

function endpointOptions(endpoint: string | undefined): object {
  if (!endpoint) return {};
  const { hostname, port, protocol } = new URL(endpoint);
  const isHttp = protocol === 'http:';
  return { apiEndpoint: hostname, port: Number(port || (isHttp ? 80 : 443)), protocol: isHttp ? 'http' : 'https' };
}

function nameOf(uri: KeyUri): string {
  const name = GCP_URI.exec(uri)?.[1];
  if (!name) {
    throw new KeyUriError(
      'must be gcpkms:projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY/cryptoKeyVersions/N',
    );
  }
  return name;
}
