import { TufError } from './errors.js';
import type { KeyId } from './key.js';
import type { Root } from './metadata.js';

const SIGNED_ONLINE = ['snapshot', 'timestamp'] as const;

/** Checks that the service can sign snapshot and timestamp by itself; targets may be left to people. @throws TufError `online-key-missing`. */
export function assertOnlineRoles(root: Root, onlineKeys: ReadonlySet<KeyId>): void {
  for (const role of SIGNED_ONLINE) {
    const { keyids, threshold } = root.roles[role];
    const online = keyids.filter((keyid) => onlineKeys.has(keyid)).length;
    if (online >= threshold) continue;
    throw new TufError(
      'online-key-missing',
      `role ${role} needs ${threshold} online keys of this service, root names ${online}; create one with POST /api/v1/keys`,
      `root.signed.roles.${role}.keyids`,
    );
  }
}
