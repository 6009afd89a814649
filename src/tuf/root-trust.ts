import { canonicalBytes } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import { TufError } from './errors.js';
import { assertSensibleExpiry } from './expiry.js';
import type { Root, Signature, SignedMetadata, TopLevelRole } from './metadata.js';
import { verifiedKeyIds, verifySignature } from './signature.js';

export const MAXIMUM_ROOT_YEARS = 20;

export function keysOfTopLevelRole(root: Root, role: TopLevelRole): TrustedKeys {
  return { keys: root.keys, ...root.roles[role] };
}

/**
 * Checks the first root of a repository: version 1, a sensible expiry, at least one signature and none that is
 * foreign or wrong. It may still lack signatures: see {@link missingRootSignatures}.
 */
export function assertAcceptableFirstRoot(root: SignedMetadata<Root>, now: Date): void {
  if (root.signed.version !== 1) {
    throw new TufError('metadata-version-wrong', 'the first root must have version 1', 'root.signed.version');
  }
  assertSensibleExpiry(root.signed.expires, now, MAXIMUM_ROOT_YEARS, 'root.signed.expires');
  if (root.signatures.length === 0) {
    throw new TufError('signatures-missing', 'root is not signed by any of its root keys', 'root.signatures');
  }
  root.signatures.forEach((signature, index) => {
    assertRootSignature(root.signed, signature, `root.signatures[${index}]`);
  });
}

/** @throws TufError `signature-foreign` or `signature-invalid`. */
export function assertRootSignature(root: Root, signature: Signature, field: string): void {
  const { keys, keyids } = keysOfTopLevelRole(root, 'root');
  const key = keyids.includes(signature.keyid) ? keys[signature.keyid] : undefined;
  if (!key) {
    throw new TufError(
      'signature-foreign',
      `${field} is by ${signature.keyid}, which is not a root key`,
      `${field}.keyid`,
    );
  }
  if (!verifySignature(key, canonicalBytes(root), signature)) {
    throw new TufError('signature-invalid', `${field} does not verify with key ${signature.keyid}`, `${field}.sig`);
  }
}

/** How many more signatures the threshold of root asks for. */
export function missingRootSignatures(root: SignedMetadata<Root>): number {
  const trusted = keysOfTopLevelRole(root.signed, 'root');
  return Math.max(0, trusted.threshold - verifiedKeyIds(root, trusted).length);
}
