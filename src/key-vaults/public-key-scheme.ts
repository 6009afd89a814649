import type { KeyObject } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';
import { type KeyUri, KeyVaultError } from './key-vault.js';

/** The TUF scheme for a key of a vault. @throws KeyVaultError for a key that TUF clients cannot verify with. */
export function schemeFor(key: KeyObject, uri: KeyUri): KeyScheme {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return 'ed25519';
  if (type === 'rsa') return 'rsassa-pss-sha256';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ecdsa-sha2-nistp256';
  if (type === 'ec' && details?.namedCurve === 'secp384r1') return 'ecdsa-sha2-nistp384';
  const found = [type, details?.namedCurve].filter(Boolean).join(' ');
  throw new KeyVaultError(`${uri} is a key of type ${found}; TUF wants Ed25519, ECDSA P-256 or P-384, or RSA`);
}
