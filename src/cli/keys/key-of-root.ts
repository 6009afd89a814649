import { keyMaterial } from '../../tuf/key.js';
import type { Root } from '../../tuf/metadata.js';
import { usageError } from '../command-error.js';
import { type Signer, signerUnder } from './signer.js';

/**
 * The signer under the id by which one of the roots has it as a root key: further fields in its public half change the
 * id, not the key.
 * @throws CommandError when it is a root key of none of them.
 */
export function keyOfRoot(signer: Signer, roots: readonly Root[]): Signer {
  const material = keyMaterial(signer.key);
  for (const { keys, roles } of roots) {
    for (const keyid of roles.root.keyids) {
      const key = keys[keyid];
      if (key && keyMaterial(key) === material) return signerUnder({ keyid, key }, signer);
    }
  }
  const versions = roots
    .map(({ version }) => version)
    .sort((left, right) => left - right)
    .join(' or ');
  throw usageError(`${signer.label} is not a root key of root version ${versions}`, `Its id: ${signer.keyid}`);
}
