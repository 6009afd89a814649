import { bundleFromJSON, isBundleWithMessageSignature } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type Signer, toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import type { IdentityKey, IdentityVerifier } from '../tuf/identity-key.js';

/**
 * Verifies signatures of Sigstore identities without a network: the certificate must come from a trusted Fulcio, be in a
 * trusted certificate log, and have been valid when a trusted log or authority says that the signature was made.
 * @param trustedRoot a Sigstore trusted root in JSON.
 * @throws Error when it names no certificate authority or no log, so that nothing could ever verify.
 */
export function sigstoreVerifier(trustedRoot: unknown): IdentityVerifier {
  const root = TrustedRoot.fromJSON(trustedRoot);
  for (const needed of ['certificateAuthorities', 'tlogs', 'ctlogs'] as const) {
    if (root[needed].length === 0) throw new Error(`it names no ${needed}`);
  }
  const verifier = new Verifier(toTrustMaterial(root));
  return (key, bytes, bundle) => {
    const signer = signerOf(verifier, bytes, bundle);
    return signer !== null && isBy(key, signer);
  };
}

function signerOf(verifier: Verifier, bytes: Uint8Array, json: object): Signer | null {
  try {
    const bundle = bundleFromJSON(json);
    // The signature in a DSSE envelope is over the payload within: it says nothing about `bytes`.
    if (!isBundleWithMessageSignature(bundle)) return null;
    return verifier.verify(toSignedEntity(bundle, Buffer.from(bytes)));
  } catch {
    return null; // the library throws errors of many kinds at what is not a valid bundle
  }
}

// Compared here, exactly: the library's own policy takes the identity for a regular expression without anchors.
function isBy({ keyval }: IdentityKey, { identity }: Signer): boolean {
  return identity?.subjectAlternativeName === keyval.identity && identity.extensions?.issuer === keyval.issuer;
}
