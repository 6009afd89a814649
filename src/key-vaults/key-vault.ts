import type { Key, KeyId, KeyScheme } from '../tuf/key.js';

/** Where a private key lives: `SCHEME:REST`, read only by the vault of that scheme. */
export type KeyUri = string & { readonly brand: 'KeyUri' };

/** A key that a vault signs with. */
export interface OnlineKey {
  readonly keyId: KeyId;
  readonly uri: KeyUri;
  readonly scheme: KeyScheme;
}

export interface VaultKey {
  readonly uri: KeyUri;
  readonly key: Key;
}

/** Signs with private keys that nothing else in the service sees. */
export abstract class KeyVault {
  /** Makes a key pair; the private half stays in the vault. */
  abstract generate(scheme: KeyScheme): Promise<VaultKey>;

  /**
   * @param bytes what is signed, not its digest.
   * @returns the signature in the form of the key's TUF scheme. @throws KeyVaultError when the vault cannot sign.
   */
  abstract sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array>;
}

/** A vault could not do its work; the message says which key and what to do, never a secret. */
export class KeyVaultError extends Error {
  override readonly name = 'KeyVaultError';
}
