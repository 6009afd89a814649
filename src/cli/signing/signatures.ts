import { canonicalBytes } from '../../tuf/canonical-json.js';
import type { TrustedKeys } from '../../tuf/delegation.js';
import { TufError } from '../../tuf/errors.js';
import type { Signature, Signed, SignedMetadata } from '../../tuf/metadata.js';
import { assertSignature } from '../../tuf/signing-event-changes.js';
import type { Signer } from '../keys/signer.js';

/** Signs with each, and checks the signatures as the service will. */
export async function signaturesOf(
  signed: Signed,
  trusted: readonly TrustedKeys[],
  signers: readonly Signer[],
): Promise<Signature[]> {
  const bytes = canonicalBytes(signed);
  return Promise.all(
    signers.map(async (signer) => {
      const signature = await signer.sign(bytes);
      assertTrustedSignature(signed, trusted, signature, `the signature with ${signer.label}`);
      return signature;
    }),
  );
}

export async function signedWith<T extends Signed>(
  signed: T,
  trusted: readonly TrustedKeys[],
  signers: readonly Signer[],
): Promise<SignedMetadata<T>> {
  return { signatures: await signaturesOf(signed, trusted, signers), signed };
}

/** @throws TufError where none of those who are trusted made it. */
export function assertTrustedSignature(
  signed: Signed,
  trusted: readonly TrustedKeys[],
  signature: Signature,
  field: string,
): void {
  const own = trusted.find(({ keyids }) => keyids.includes(signature.keyid));
  if (!own) {
    throw new TufError('signature-foreign', `${field} is by ${signature.keyid}, which is not one of the keys`, field);
  }
  assertSignature(signed, own, signature, field);
}
