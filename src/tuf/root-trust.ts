import { canonicalBytes, canonicalJson } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import { TufError } from './errors.js';
import { assertSensibleExpiry } from './expiry.js';
import type { IdentityVerifier } from './identity-key.js';
import { sigstoreNotConfigured } from './identity-trust.js';
import { isIdentityKey, type Key, type KeyId } from './key.js';
import type { Root, Signature, SignedMetadata, TopLevelRole } from './metadata.js';
import { verifiedKeyIds, verifySignature } from './signature.js';

export const MAXIMUM_ROOT_YEARS = 20;

export function keysOfTopLevelRole(
  root: Root,
  role: TopLevelRole,
  identities?: IdentityVerifier | undefined,
): TrustedKeys {
  return { keys: root.keys, ...root.roles[role], ...(identities && { identities }) };
}

/**
 * Checks that `root` may follow `previous`, or be the first one where that is null: the next version, a sensible
 * expiry, no signature that is foreign or wrong. It may still lack signatures: see {@link rootThresholds}.
 * @throws TufError naming the field.
 */
export function assertMayFollow(
  root: SignedMetadata<Root>,
  previous: Root | null,
  now: Date,
  identities?: IdentityVerifier | undefined,
): void {
  const version = (previous?.version ?? 0) + 1;
  if (root.signed.version !== version) {
    throw new TufError('metadata-version-wrong', `root.signed.version must be ${version}`, 'root.signed.version');
  }
  assertSensibleExpiry(root.signed.expires, now, MAXIMUM_ROOT_YEARS, 'root.signed.expires');
  root.signatures.forEach((signature, index) => {
    assertRootSignature(root.signed, previous, signature, `root.signatures[${index}]`, identities);
  });
}

/** Checks the first root of a repository, which nobody but its own keys can vouch for. @throws TufError naming the field. */
export function assertAcceptableFirstRoot(
  root: SignedMetadata<Root>,
  now: Date,
  identities?: IdentityVerifier | undefined,
): void {
  assertMayFollow(root, null, now, identities);
  if (root.signatures.length === 0) {
    throw new TufError('signatures-missing', 'root.signatures must have one of a root key', 'root.signatures');
  }
}

/** @throws TufError `signature-foreign`, `signature-invalid` or `sigstore-not-configured`. */
export function assertRootSignature(
  root: Root,
  previous: Root | null,
  signature: Signature,
  field: string,
  identities?: IdentityVerifier | undefined,
): void {
  const { keyid } = signature;
  const key = rootKeyOf(root, previous, keyid, field);
  if (isIdentityKey(key) && !identities) throw sigstoreNotConfigured(keyid, field);
  if (!verifySignature(key, canonicalBytes(root), signature, identities)) {
    const part = isIdentityKey(key) ? 'bundle' : 'sig';
    throw new TufError('signature-invalid', `${field} does not verify with key ${keyid}`, `${field}.${part}`);
  }
}

/** The root key, of the one or the other root, of this id. @throws TufError `signature-foreign`. */
export function rootKeyOf(root: Root, previous: Root | null, keyid: KeyId, field: string): Key {
  const signer = [root, previous].find((trusted) => trusted?.roles.root.keyids.includes(keyid));
  const key = signer?.keys[keyid];
  if (key) return key;
  throw new TufError('signature-foreign', `${field} is by ${keyid}, which is not a root key`, `${field}.keyid`);
}

/** A threshold that a version has to reach; a root has two (specification 5.3.4: those of the old and of the new root). */
export interface SignatureThreshold {
  readonly of: 'previous root' | 'this root' | 'this role';
  readonly threshold: number;
  readonly signedBy: readonly KeyId[];
  /** Who may sign and has not. */
  readonly mayBeSignedBy: readonly KeyId[];
  /** How many more signatures it takes. */
  readonly missing: number;
}

export function rootThresholds(
  root: SignedMetadata<Root>,
  previous: Root | null,
  identities?: IdentityVerifier | undefined,
): SignatureThreshold[] {
  const own = thresholdOf('this root', root, keysOfTopLevelRole(root.signed, 'root', identities));
  if (!previous) return [own];
  return [thresholdOf('previous root', root, keysOfTopLevelRole(previous, 'root', identities)), own];
}

/** How many more signatures a root takes at least: a key of both roots counts for both. */
export function missingRootSignatures(
  root: SignedMetadata<Root>,
  previous: Root | null = null,
  identities?: IdentityVerifier | undefined,
): number {
  const [first, second] = rootThresholds(root, previous, identities);
  if (!first) return 0;
  if (!second) return first.missing;
  const ofBoth = first.mayBeSignedBy.filter((keyid) => second.mayBeSignedBy.includes(keyid)).length;
  return first.missing + second.missing - Math.min(ofBoth, first.missing, second.missing);
}

/** Whether a role has the same keys and the same threshold in both roots. */
export function sameSigners(left: Root, right: Root, role: TopLevelRole): boolean {
  return canonicalJson(signersIn(left, role)) === canonicalJson(signersIn(right, role));
}

function signersIn(root: Root, role: TopLevelRole): unknown {
  const { keyids, threshold } = root.roles[role];
  return { threshold, keys: Object.fromEntries(keyids.map((keyid) => [keyid, root.keys[keyid]])) };
}

export function thresholdOf(
  of: SignatureThreshold['of'],
  metadata: SignedMetadata,
  trusted: TrustedKeys,
): SignatureThreshold {
  const signedBy = verifiedKeyIds(metadata, trusted);
  return {
    of,
    threshold: trusted.threshold,
    signedBy,
    mayBeSignedBy: trusted.keyids.filter((keyid) => !signedBy.includes(keyid)),
    missing: Math.max(0, trusted.threshold - signedBy.length),
  };
}
