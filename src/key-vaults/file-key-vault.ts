import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { readSecretFile, writeSecretFile } from '../secret-file.js';
import { type KeyScheme, keyFromPublicKey, keyIdOf, type PublicKey } from '../tuf/key.js';
import { type KeyUri, KeyUriError, KeyVault, KeyVaultError } from './key-vault.js';
import { encodePrivateKey, generatePrivateKey, signWith } from './private-key.js';

const FILE_URI = /^file:([0-9a-f]{64}\.pem)$/;

export interface VaultKey {
  readonly uri: KeyUri;
  readonly key: PublicKey;
}

/**
 * Private keys as PKCS #8 PEM files, mode 0600, in one folder; encrypted at rest when there is a passphrase.
 * Their URI is `file:KEYID.pem`, relative to that folder, so that the folder can be moved.
 */
export class FileKeyVault extends KeyVault {
  private readonly unlocked = new Map<KeyUri, Promise<KeyObject>>();

  constructor(
    private readonly folder: string,
    private readonly passphrase: string | undefined,
  ) {
    super();
  }

  /** Makes a key pair; the private half stays in the vault. */
  async generate(scheme: KeyScheme): Promise<VaultKey> {
    const privateKey = await generatePrivateKey(scheme);
    const key = keyFromPublicKey(createPublicKey(privateKey), scheme);
    const name = `${keyIdOf(key)}.pem`;
    // Durable before anyone learns of the key: a public key whose private half is lost would poison a root.
    await this.store(join(this.folder, name), encodePrivateKey(privateKey, this.passphrase));
    return { uri: `file:${name}` as KeyUri, key };
  }

  override async publicKey(uri: KeyUri): Promise<KeyObject> {
    return createPublicKey(await this.unlock(uri));
  }

  override async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    return signWith(await this.unlock(uri), scheme, bytes);
  }

  private async store(file: string, pem: string): Promise<void> {
    try {
      await writeSecretFile(file, pem);
    } catch (cause) {
      throw new KeyVaultError(`cannot write the private key ${file}; check the folder, its owner and its mode`, {
        cause,
      });
    }
  }

  // Thousands of signatures may ask at once; one that fails is tried again by those who ask later.
  private unlock(uri: KeyUri): Promise<KeyObject> {
    const known = this.unlocked.get(uri);
    if (known) return known;
    const key = this.privateKey(uri);
    this.unlocked.set(uri, key);
    key.catch(() => this.unlocked.delete(uri));
    return key;
  }

  private async privateKey(uri: KeyUri): Promise<KeyObject> {
    const file = join(this.folder, fileNameOf(uri));
    const pem = await this.read(file);
    return this.decode(pem, file);
  }

  private async read(file: string): Promise<string> {
    const { text, isPrivate } = await readSecretFile(file).catch((cause) => {
      const advice = 'restore it from a backup or fix its owner and mode';
      throw new KeyVaultError(`cannot read the private key ${file}; ${advice}`, { cause });
    });
    if (!isPrivate) throw new KeyVaultError(`${file} can be read by others; make it private: chmod 600 ${file}`);
    return text;
  }

  private decode(pem: string, file: string): KeyObject {
    try {
      return createPrivateKey({ key: pem, format: 'pem', passphrase: this.passphrase ?? '' });
    } catch {
      // The cause stays out: OpenSSL's messages may quote what it was given.
      throw new KeyVaultError(
        `cannot decrypt the private key ${file}; is TRS_KEY_PASSPHRASE the one it was made with?`,
      );
    }
  }
}

function fileNameOf(uri: KeyUri): string {
  const name = FILE_URI.exec(uri)?.[1];
  if (!name) throw new KeyUriError('must be file:KEYID.pem, a file in the folder keys of TRS_DATA_DIR');
  return name;
}
