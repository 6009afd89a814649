import type { TrustedKeys } from '../../tuf/delegation.js';
import { keyMaterial } from '../../tuf/key.js';
import { usageError } from '../command-error.js';
import { type Signer, signerUnder } from './signer.js';

/**
 * The signer under the id by which its key is trusted: further fields in the public half change the id, not the key.
 * @param what whose keys these are, for the refusal. @throws CommandError when it is none of them.
 */
export function trustedSigner(signer: Signer, trusted: readonly TrustedKeys[], what: string): Signer {
  const material = keyMaterial(signer.key);
  for (const { keys, keyids } of trusted) {
    for (const keyid of keyids) {
      const key = keys[keyid];
      if (key && keyMaterial(key) === material) return signerUnder({ keyid, key }, signer);
    }
  }
  throw usageError(`${signer.label} is not a key of ${what}`, `Its id: ${signer.keyid}`);
}
