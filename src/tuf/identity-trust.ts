import { TufError } from './errors.js';
import type { IdentityVerifier } from './identity-key.js';
import { isIdentityKey, type Key, type KeyId } from './key.js';

/**
 * Checks that signatures of the Sigstore identities among `keys` can be verified here.
 * @throws TufError `sigstore-not-configured`.
 */
export function assertIdentitiesVerifiable(
  keys: Readonly<Record<KeyId, Key>>,
  identities: IdentityVerifier | undefined,
  field: string,
): void {
  if (identities) return;
  const found = Object.entries(keys).find(([, key]) => isIdentityKey(key));
  if (found) throw sigstoreNotConfigured(found[0], `${field}.${found[0]}`);
}

export function sigstoreNotConfigured(keyid: string, field: string): TufError {
  return new TufError(
    'sigstore-not-configured',
    `${field}: key ${keyid} is a Sigstore identity, and no Sigstore is trusted here; the operator sets TRS_SIGSTORE_TRUSTED_ROOT`,
    field,
  );
}
