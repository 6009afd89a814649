import { constants, verify } from 'node:crypto';
import { canonicalBytes } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import type { IdentityVerifier } from './identity-key.js';
import { isIdentityKey, type Key, type KeyId, keyMaterial, type PublicKey, publicKeyObject } from './key.js';
import type { Signature, SignedMetadata } from './metadata.js';

/** @param identities without it, no signature of a Sigstore identity verifies. */
export function verifySignature(
  key: Key,
  bytes: Uint8Array,
  { sig, bundle }: Signature,
  identities?: IdentityVerifier | undefined,
): boolean {
  if (!isIdentityKey(key)) return verifyWithPublicKey(key, bytes, Buffer.from(sig, 'hex'));
  return identities !== undefined && bundle !== undefined && identities(key, bytes, bundle);
}

function verifyWithPublicKey(key: PublicKey, bytes: Uint8Array, sig: Uint8Array): boolean {
  const object = publicKeyObject(key);
  switch (key.scheme) {
    case 'ed25519':
      return verify(null, bytes, object, sig);
    case 'ecdsa-sha2-nistp256':
      return verify('sha256', bytes, object, sig);
    case 'ecdsa-sha2-nistp384':
      return verify('sha384', bytes, object, sig);
    case 'rsassa-pss-sha256':
      return verify('sha256', bytes, { key: object, ...PSS }, sig);
    default:
      return key.scheme satisfies never;
  }
}

/** Salt as long as the digest: the one length that every client accepts. */
export const PSS = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const;

/** The ids among `trusted` whose signature verifies; the same key under two ids counts once (specification 4.2.1). */
export function verifiedKeyIds(metadata: SignedMetadata, trusted: TrustedKeys): KeyId[] {
  const bytes = canonicalBytes(metadata.signed);
  const byMaterial = new Map<string, KeyId>();
  for (const signature of metadata.signatures) {
    const key = trusted.keyids.includes(signature.keyid) ? trusted.keys[signature.keyid] : undefined;
    if (key && verifySignature(key, bytes, signature, trusted.identities))
      byMaterial.set(keyMaterial(key), signature.keyid);
  }
  return [...byMaterial.values()];
}

export function thresholdMet(metadata: SignedMetadata, trusted: TrustedKeys): boolean {
  return verifiedKeyIds(metadata, trusted).length >= trusted.threshold;
}
