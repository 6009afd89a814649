import { constants, type KeyObject, type VerifyKeyObjectInput, verify } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import type { IdentityVerifier } from './identity-key.js';
import { isIdentityKey, type Key, type KeyId, keyMaterial, type PublicKey, publicKeyObject } from './key.js';
import type { Signature, SignedMetadata } from './metadata.js';
import { VerifiedSignatures } from './verified-signatures.js';

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

/** On libuv's threads, so that the event loop stays free. */
export function verifyOnThread(key: PublicKey, bytes: Uint8Array, sig: Uint8Array): Promise<boolean> {
  const { hash, input } = verificationBy(key);
  return new Promise((resolve) => {
    verify(hash, bytes, input, sig, (error, isValid) => resolve(!error && isValid));
  });
}

function verifyWithPublicKey(key: PublicKey, bytes: Uint8Array, sig: Uint8Array): boolean {
  const { hash, input } = verificationBy(key);
  return verify(hash, bytes, input, sig);
}

function verificationBy(key: PublicKey): { hash: string | null; input: KeyObject | VerifyKeyObjectInput } {
  const object = publicKeyObject(key);
  switch (key.scheme) {
    case 'ed25519':
      return { hash: null, input: object };
    case 'ecdsa-sha2-nistp256':
      return { hash: 'sha256', input: object };
    case 'ecdsa-sha2-nistp384':
      return { hash: 'sha384', input: object };
    case 'rsassa-pss-sha256':
      return { hash: 'sha256', input: { key: object, ...PSS } };
    default:
      return key.scheme satisfies never;
  }
}

/** Salt as long as the digest: the one length that every client accepts. */
export const PSS = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const;

/**
 * @param known signatures that were verified before: they are not verified again.
 * @returns the ids among `trusted` whose signature verifies;
 *   the same key under two ids counts once (specification 4.2.1).
 */
export function verifiedKeyIds(
  metadata: SignedMetadata,
  trusted: TrustedKeys,
  known: VerifiedSignatures = VerifiedSignatures.NONE,
): KeyId[] {
  const canonical = canonicalJson(metadata.signed);
  const byMaterial = new Map<string, KeyId>();
  for (const signature of metadata.signatures) {
    const key = trusted.keyids.includes(signature.keyid) ? trusted.keys[signature.keyid] : undefined;
    if (!key) continue;
    const isValid =
      known.has(key, canonical, signature) ||
      verifySignature(key, Buffer.from(canonical, 'utf8'), signature, trusted.identities);
    if (isValid) byMaterial.set(keyMaterial(key), signature.keyid);
  }
  return [...byMaterial.values()];
}

export function thresholdMet(metadata: SignedMetadata, trusted: TrustedKeys, known?: VerifiedSignatures): boolean {
  return verifiedKeyIds(metadata, trusted, known).length >= trusted.threshold;
}
