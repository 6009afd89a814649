import { type KeyUri, KeyUriError } from './key-vault.js';

export const KEY_URI_SCHEMES = ['file', 'env', 'pkcs11', 'awskms', 'gcpkms', 'azurekms', 'vault'] as const;

export type KeyUriScheme = (typeof KEY_URI_SCHEMES)[number];

/** Which vault a key URI belongs to. @throws KeyUriError when there is no such vault. */
export function schemeOf(uri: KeyUri): KeyUriScheme {
  const scheme = KEY_URI_SCHEMES.find((known) => uri.startsWith(`${known}:`));
  if (!scheme) throw new KeyUriError(`a key URI begins with one of ${KEY_URI_SCHEMES.map((s) => `${s}:`).join(', ')}`);
  return scheme;
}

/** Whether this text names a key in a vault, rather than a file. */
export function isKeyUri(text: string): text is KeyUri {
  return KEY_URI_SCHEMES.some((scheme) => text.startsWith(`${scheme}:`));
}

/** Keys in this process's own files and variables: what is wrong with them does not heal by itself. */
export function isLocal(uri: KeyUri): boolean {
  return ['file', 'env'].includes(schemeOf(uri));
}
