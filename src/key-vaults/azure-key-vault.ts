import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';
import { inputFor } from './digest.js';
import { derFromP1363 } from './ecdsa-signature.js';
import { type KeyUri, KeyUriError, KeyVaultError } from './key-vault.js';
import { optionalPackage } from './optional-package.js';
import type { VaultBackend } from './remote-key-vault.js';

// The version is part of it: without one, a rotation would change the key under the metadata that names it.
const KEY_PATH = /^\/keys\/([0-9A-Za-z-]+)\/([0-9a-f]{32})$/;
const AZURE_HOST =
  /^[a-z0-9-]+\.(?:vault\.azure\.net|vault\.azure\.cn|vault\.usgovcloudapi\.net|managedhsm\.azure\.net|managedhsm\.azure\.cn|managedhsm\.usgovcloudapi\.net)$/;

/** What is used of @azure/keyvault-keys and @azure/identity. */
interface KeysPackage {
  readonly KeyClient: new (vaultUrl: string, credential: object, options: object) => KeyClient;
}

interface KeyClient {
  getKey(name: string, options: object): Promise<{ key?: JwkOfAzure }>;
  getCryptographyClient(name: string, options: object): CryptographyClient;
}

interface CryptographyClient {
  sign(algorithm: string, digest: Uint8Array, options: object): Promise<{ result: Uint8Array }>;
}

interface IdentityPackage {
  readonly DefaultAzureCredential: new () => object;
}

interface JwkOfAzure {
  readonly kty?: string;
  readonly crv?: string;
  readonly n?: Uint8Array;
  readonly e?: Uint8Array;
  readonly x?: Uint8Array;
  readonly y?: Uint8Array;
}

interface AzureKey {
  readonly vaultUrl: string;
  readonly name: string;
  readonly keyVersion: string;
}

export interface AzurePackages {
  keys(): Promise<KeysPackage>;
  identity(): Promise<IdentityPackage>;
}

const PACKAGES: AzurePackages = {
  keys: () => optionalPackage('@azure/keyvault-keys'),
  identity: () => optionalPackage('@azure/identity'),
};

/** Azure Key Vault and Managed HSM: `azurekms:https://VAULT.vault.azure.net/keys/NAME/VERSION`. */
export class AzureKeyVault implements VaultBackend {
  private readonly clients = new Map<string, KeyClient>();
  private readonly signers = new Map<KeyUri, CryptographyClient>();
  private credential: object | null = null;

  constructor(
    private readonly extraHost: string | undefined,
    private readonly packages: AzurePackages = PACKAGES,
  ) {}

  async publicKey(uri: KeyUri, abortSignal: AbortSignal): Promise<KeyObject> {
    const { vaultUrl, name, keyVersion } = parseUri(uri, this.extraHost);
    const client = await this.client(vaultUrl);
    const { key } = await client.getKey(name, { version: keyVersion, abortSignal });
    return createPublicKey({ key: jwkOf(key ?? {}), format: 'jwk' });
  }

  async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array, abortSignal: AbortSignal): Promise<Uint8Array> {
    const algorithm = algorithmOf(scheme, uri);
    const signer = await this.signer(uri);
    const { result } = await signer.sign(algorithm, inputFor(scheme, bytes), { abortSignal });
    return scheme === 'rsassa-pss-sha256' ? result : derFromP1363(result);
  }

  // Kept, because it fetches the key before its first signature.
  private async signer(uri: KeyUri): Promise<CryptographyClient> {
    const known = this.signers.get(uri);
    if (known) return known;
    const { vaultUrl, name, keyVersion } = parseUri(uri, this.extraHost);
    const signer = (await this.client(vaultUrl)).getCryptographyClient(name, { keyVersion });
    this.signers.set(uri, signer);
    return signer;
  }

  private async client(vaultUrl: string): Promise<KeyClient> {
    const known = this.clients.get(vaultUrl);
    if (known) return known;
    const { KeyClient } = await this.packages.keys();
    const { DefaultAzureCredential } = await this.packages.identity();
    this.credential ??= new DefaultAzureCredential();
    const options = {
      retryOptions: { maxRetries: 0 }, // repetitions are RemoteKeyVault's
      // Azure's answer must name the vault's own domain as the token's audience, which a configured host is not in.
      disableChallengeResourceVerification: new URL(vaultUrl).host === this.extraHost,
    };
    const client = new KeyClient(vaultUrl, this.credential, options);
    this.clients.set(vaultUrl, client);
    return client;
  }
}

function algorithmOf(scheme: KeyScheme, uri: KeyUri): string {
  switch (scheme) {
    case 'ed25519':
      throw new KeyVaultError(`${uri}: Azure Key Vault has no Ed25519`);
    case 'ecdsa-sha2-nistp256':
      return 'ES256';
    case 'ecdsa-sha2-nistp384':
      return 'ES384';
    case 'rsassa-pss-sha256':
      return 'PS256';
    default:
      return scheme satisfies never;
  }
}

// Keys in an HSM have key types of their own: EC-HSM, RSA-HSM.
function jwkOf({ kty = '', crv, ...numbers }: JwkOfAzure): JsonWebKey {
  const encode = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  const { n, e, x, y } = numbers;
  if (kty.startsWith('RSA')) return { kty: 'RSA', n: encode(n), e: encode(e) };
  return { kty: 'EC', crv: crv ?? '', x: encode(x), y: encode(y) };
}

function parseUri(uri: KeyUri, extraHost: string | undefined): AzureKey {
  const text = uri.slice('azurekms:'.length);
  const url = URL.canParse(text) ? new URL(text) : null;
  const [, name, keyVersion] = KEY_PATH.exec(url?.pathname ?? '') ?? [];
  // Compared with the text, so that no user, query or odd spelling rides along.
  if (!url || !name || !keyVersion || text !== `https://${url.host}/keys/${name}/${keyVersion}`) {
    throw new KeyUriError('must be azurekms:https://VAULT.vault.azure.net/keys/NAME/VERSION');
  }
  if (!AZURE_HOST.test(url.host) && url.host !== extraHost) {
    throw new KeyUriError(`names the host ${url.host}, which is none of Azure Key Vault's`);
  }
  return { vaultUrl: url.origin, name, keyVersion };
}
