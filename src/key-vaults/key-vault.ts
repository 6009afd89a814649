import type { KeyObject } from 'node:crypto';
import type { KeyId, KeyScheme } from '../tuf/key.js';

/** Where a private key lives: `SCHEME:REST`, read only by the vault of that scheme. */
export type KeyUri = string & { readonly brand: 'KeyUri' };

/** A key that a vault signs with. */
export interface OnlineKey {
  readonly keyId: KeyId;
  readonly uri: KeyUri;
  readonly scheme: KeyScheme;
}

/** Signs with private keys that nothing else in the service sees. */
export abstract class KeyVault {
  /** The public half of a key in the vault. @throws KeyVaultError when there is none that TUF clients can use. */
  abstract publicKey(uri: KeyUri): Promise<KeyObject>;

  /**
   * @param bytes what is signed, not its digest.
   * @returns the signature in the form of the key's TUF scheme. @throws KeyVaultError when the vault cannot sign.
   */
  abstract sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array>;
}

/** A vault could not do its work; the message says which key and what to do, never a secret. */
export class KeyVaultError extends Error {
  override readonly name: string = 'KeyVaultError';
}

/** The vault is down, slow or throttles: the same call may succeed later. */
export class KeyVaultUnavailableError extends KeyVaultError {
  override readonly name = 'KeyVaultUnavailableError';
}

/** The URI itself is wrong, whatever the vault holds. */
export class KeyUriError extends KeyVaultError {
  override readonly name = 'KeyUriError';
}
