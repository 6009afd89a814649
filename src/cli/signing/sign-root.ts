import { canonicalBytes } from '../../tuf/canonical-json.js';
import type { Root, Signature, SignedMetadata } from '../../tuf/metadata.js';
import { assertRootSignature } from '../../tuf/root-trust.js';
import type { Signer } from '../keys/signer.js';

/** Signs with each key, and checks the signatures as the service will. */
export async function signaturesOf(
  root: Root,
  previous: Root | null,
  signers: readonly Signer[],
): Promise<Signature[]> {
  const bytes = canonicalBytes(root);
  return Promise.all(
    signers.map(async (signer) => {
      const signature = await signer.sign(bytes);
      assertRootSignature(root, previous, signature, `the signature with ${signer.label}`);
      return signature;
    }),
  );
}

export async function signRoot(
  root: Root,
  previous: Root | null,
  signers: readonly Signer[],
): Promise<SignedMetadata<Root>> {
  return { signatures: await signaturesOf(root, previous, signers), signed: root };
}
