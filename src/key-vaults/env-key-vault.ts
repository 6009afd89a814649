import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';
import { type KeyUri, KeyUriError, KeyVault, KeyVaultError } from './key-vault.js';
import { signWith } from './private-key.js';

const ENV_URI = /^env:(TRS_SIGNING_KEY_[A-Z0-9_]+)$/;

/** Private keys as PEM in environment variables whose names begin with TRS_SIGNING_KEY_, read once at the start. */
export class EnvKeyVault extends KeyVault {
  private readonly decoded = new Map<string, KeyObject>();

  constructor(
    private readonly variables: Readonly<Record<string, string>>,
    private readonly passphrase: string | undefined,
  ) {
    super();
  }

  override async publicKey(uri: KeyUri): Promise<KeyObject> {
    return createPublicKey(this.privateKey(uri));
  }

  override async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    return signWith(this.privateKey(uri), scheme, bytes);
  }

  private privateKey(uri: KeyUri): KeyObject {
    const name = nameOf(uri);
    const known = this.decoded.get(name);
    if (known) return known;
    const pem = this.variables[name];
    if (pem === undefined) throw new KeyVaultError(`${uri}: the environment variable ${name} is not set`);
    const key = this.decode(name, pem);
    this.decoded.set(name, key);
    return key;
  }

  private decode(name: string, pem: string): KeyObject {
    try {
      // Many deployment tools cannot write line ends into a variable.
      return createPrivateKey({ key: pem.replaceAll('\\n', '\n'), format: 'pem', passphrase: this.passphrase ?? '' });
    } catch {
      // The cause stays out: OpenSSL's messages may quote what it was given.
      throw new KeyVaultError(
        `${name} is not a PEM private key, or TRS_KEY_PASSPHRASE is not the one it was made with`,
      );
    }
  }
}

function nameOf(uri: KeyUri): string {
  const name = ENV_URI.exec(uri)?.[1];
  if (!name) throw new KeyUriError('must be env:NAME, and NAME must begin with TRS_SIGNING_KEY_');
  return name;
}
