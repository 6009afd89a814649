import type { IdentityVerifier } from '../tuf/identity-key.js';

/** How signatures of Sigstore identities are verified here; undefined where no trusted root is configured. */
export class SigstoreIdentities {
  constructor(readonly verifier: IdentityVerifier | undefined) {}
}
