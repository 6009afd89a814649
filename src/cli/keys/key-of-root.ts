import { isIdentityKey, keyMaterial } from '../../tuf/key.js';
import type { Root } from '../../tuf/metadata.js';
import { usageError } from '../command-error.js';
import type { OfflineKey } from './offline-key.js';

/**
 * The key under the id by which one of the roots has it as a root key: further fields in its public half change the
 * id, not the key.
 * @throws CommandError when it is a root key of none of them.
 */
export function keyOfRoot(offlineKey: OfflineKey, roots: readonly Root[]): OfflineKey {
  const material = keyMaterial(offlineKey.key);
  for (const { keys, roles } of roots) {
    for (const keyid of roles.root.keyids) {
      const key = keys[keyid];
      if (key && !isIdentityKey(key) && keyMaterial(key) === material) return { ...offlineKey, keyid, key };
    }
  }
  const versions = roots
    .map(({ version }) => version)
    .sort((left, right) => left - right)
    .join(' or ');
  throw usageError(`${offlineKey.file} is not a root key of root version ${versions}`, `Its id: ${offlineKey.keyid}`);
}
