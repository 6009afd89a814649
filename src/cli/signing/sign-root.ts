import { canonicalBytes } from '../../tuf/canonical-json.js';
import type { Root, Signature, SignedMetadata } from '../../tuf/metadata.js';
import { assertRootSignature } from '../../tuf/root-trust.js';
import { type OfflineKey, signOffline } from '../keys/offline-key.js';

/** Signs with each key, and checks the signatures as the service will. */
export async function signaturesOf(
  root: Root,
  previous: Root | null,
  signers: readonly OfflineKey[],
): Promise<Signature[]> {
  const bytes = canonicalBytes(root);
  return Promise.all(
    signers.map(async (signer) => {
      const signature = await signOffline(signer, bytes);
      assertRootSignature(root, previous, signature, `the signature with ${signer.file}`);
      return signature;
    }),
  );
}

export async function signRoot(
  root: Root,
  previous: Root | null,
  signers: readonly OfflineKey[],
): Promise<SignedMetadata<Root>> {
  return { signatures: await signaturesOf(root, previous, signers), signed: root };
}
