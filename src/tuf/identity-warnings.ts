import { isIdentityKey, type Key, type KeyId } from './key.js';
import { type Delegations, type RoleKeys, type Root, TOP_LEVEL_ROLES } from './metadata.js';

type Keys = Readonly<Record<KeyId, Key>>;

/** Which clients a root with Sigstore identities shuts out, for those who are to sign it. */
export function rootIdentityWarnings({ keys, roles }: Root): string[] {
  return [
    ...unreadableWarnings(keys, 'root, and with it the repository'),
    ...TOP_LEVEL_ROLES.flatMap((role) => unverifiableWarnings(keys, role, roles[role])),
  ];
}

/** Which clients delegations with Sigstore identities shut out. */
export function delegationIdentityWarnings({ keys, roles = [] }: Delegations): string[] {
  return [
    ...unreadableWarnings(keys, 'the role with these delegations, and with it all that is below'),
    ...roles.flatMap((role) => unverifiableWarnings(keys, role.name, role)),
  ];
}

function unreadableWarnings(keys: Keys, refused: string): string[] {
  return Object.entries(keys).flatMap(([keyid, key]) => {
    if (!isIdentityKey(key)) return [];
    const { identity, issuer } = key.keyval;
    const who = `key ${keyid} is the Sigstore identity ${identity} of ${issuer}`;
    const refusing = `python-tuf as it comes, go-tuf and tough refuse ${refused}`;
    return [
      `${who}, which is not of the TUF specification: ${refusing}; tuf-js reads it, and verifies no signature of it`,
    ];
  });
}

function unverifiableWarnings(keys: Keys, role: string, { keyids, threshold }: RoleKeys): string[] {
  const known = keyids.flatMap((keyid) => keys[keyid] ?? []);
  const ordinary = known.filter((key) => !isIdentityKey(key)).length;
  if (ordinary === known.length || ordinary >= threshold) return [];
  const verifying = 'only python-tuf with Sigstore identities switched on can verify it';
  return [
    `role ${role} needs ${threshold} signatures and has ${ordinary} keys that are no Sigstore identities: ${verifying}`,
  ];
}
