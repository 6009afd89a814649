import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { KeyScheme } from '../tuf/key.js';
import { inputFor } from './digest.js';
import { type KeyUri, KeyUriError, KeyVaultError, KeyVaultUnavailableError } from './key-vault.js';
import type { TransitSettings } from './key-vault-settings.js';
import type { VaultBackend } from './remote-key-vault.js';

const SEGMENT = '[A-Za-z0-9_][\\w.-]*';
const TRANSIT_URI = new RegExp(`^vault:(${SEGMENT}(?:/${SEGMENT})*)/keys/(${SEGMENT})/([1-9]\\d*)$`);

const publicKeyAnswer = z.object({
  data: z.object({ type: z.string(), keys: z.record(z.string(), z.object({ public_key: z.string().optional() })) }),
});
const signAnswer = z.object({ data: z.object({ signature: z.string() }) });

interface TransitKey {
  readonly mount: string;
  readonly name: string;
  readonly version: number;
}

/** The transit engine of HashiCorp Vault or OpenBao: `vault:MOUNT/keys/NAME/VERSION`. */
export class TransitKeyVault implements VaultBackend {
  constructor(private readonly settings: TransitSettings) {}

  async publicKey(uri: KeyUri, signal: AbortSignal): Promise<KeyObject> {
    const { mount, name, version } = parseUri(uri);
    const answer = await this.ask(uri, signal, 'GET', `${mount}/keys/${name}`);
    const { type, keys } = read(publicKeyAnswer, answer, uri).data;
    const text = keys[version]?.public_key;
    if (!text) throw new KeyVaultError(`${uri}: the vault has no public key of this version; its type is ${type}`);
    return type === 'ed25519' ? ed25519Key(text) : createPublicKey(text);
  }

  async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { mount, name, version } = parseUri(uri);
    const input = inputFor(scheme, bytes).toString('base64');
    const body = { input, key_version: version, ...parametersOf(scheme) };
    const answer = await this.ask(uri, signal, 'POST', `${mount}/sign/${name}`, body);
    const [label, signedBy, signature] = read(signAnswer, answer, uri).data.signature.split(':');
    if (label !== 'vault' || signedBy !== `v${version}` || !signature) {
      throw new KeyVaultError(`${uri}: the vault answered with a signature of another form or version`);
    }
    return Buffer.from(signature, 'base64');
  }

  private async ask(uri: KeyUri, signal: AbortSignal, method: string, path: string, body?: object): Promise<unknown> {
    const { address, namespace } = this.settings;
    if (!address) throw new KeyVaultError(`${uri}: TRS_VAULT_ADDR is not set`);
    const response = await fetch(`${address.replace(/\/$/, '')}/v1/${path}`, {
      method,
      signal,
      redirect: 'manual', // the token must not follow to another host
      headers: {
        'x-vault-token': await this.token(uri),
        'x-vault-request': 'true',
        ...(namespace && { 'x-vault-namespace': namespace }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(uri, response);
    return response.json();
  }

  private async token(uri: KeyUri): Promise<string> {
    const { token, tokenFile } = this.settings;
    if (tokenFile !== undefined) return readToken(tokenFile);
    if (token === undefined) throw new KeyVaultError(`${uri}: neither TRS_VAULT_TOKEN nor TRS_VAULT_TOKEN_FILE is set`);
    return token;
  }
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    // An agent may be about to write it.
    throw new KeyVaultUnavailableError(`cannot read ${file} (TRS_VAULT_TOKEN_FILE)`);
  }
}

function parametersOf(scheme: KeyScheme): object {
  switch (scheme) {
    case 'ed25519':
      return {};
    case 'ecdsa-sha2-nistp256':
      return { prehashed: true, hash_algorithm: 'sha2-256', marshaling_algorithm: 'asn1' };
    case 'ecdsa-sha2-nistp384':
      return { prehashed: true, hash_algorithm: 'sha2-384', marshaling_algorithm: 'asn1' };
    case 'rsassa-pss-sha256':
      return { prehashed: true, hash_algorithm: 'sha2-256', signature_algorithm: 'pss', salt_length: 'hash' };
    default:
      return scheme satisfies never;
  }
}

async function refusal(uri: KeyUri, response: Response): Promise<KeyVaultError> {
  const answer = z.object({ errors: z.array(z.string()) }).safeParse(await response.json().catch(() => null));
  const reasons = answer.success ? answer.data.errors.join('; ').slice(0, 300) : '';
  const advice =
    response.status >= 300 && response.status < 400 ? 'it redirects: set TRS_VAULT_ADDR to the active node' : reasons;
  const message = `${uri}: the vault answered ${response.status} ${advice}`.trim();
  // 412: a replica that lags behind; 429 and 473: a standby; 5xx: sealed, or failing.
  const mayHeal = [412, 429, 473].includes(response.status) || response.status >= 500;
  return mayHeal ? new KeyVaultUnavailableError(message) : new KeyVaultError(message);
}

function read<T>(schema: z.ZodType<T>, answer: unknown, uri: KeyUri): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new KeyVaultError(`${uri}: the answer is not that of a transit engine`);
  return parsed.data;
}

function ed25519Key(base64: string): KeyObject {
  const x = Buffer.from(base64, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function parseUri(uri: KeyUri): TransitKey {
  const [, mount, name, version] = TRANSIT_URI.exec(uri) ?? [];
  if (!mount || !name) throw new KeyUriError('must be vault:MOUNT/keys/NAME/VERSION');
  return { mount, name, version: Number(version) };
}
