import { rootIdentityWarnings } from './identity-warnings.js';
import { type Root, TOP_LEVEL_ROLES } from './metadata.js';

const SOON_DAYS = 30;

/** What signers should think about before they sign a root; nothing here keeps it from being valid. */
export function rootWarnings(root: Root, now: Date): string[] {
  return [
    ...rootKeyWarnings(root),
    ...sharedKeyWarnings(root),
    ...rootIdentityWarnings(root),
    ...expiryWarnings(root, now),
  ];
}

function rootKeyWarnings({ roles }: Root): string[] {
  const { keyids, threshold } = roles.root;
  if (keyids.length === 1) {
    return [
      'there is one root key only: losing it means that root can never be changed again, and stealing it is enough to take over',
    ];
  }
  if (keyids.length > threshold) return [];
  return [`all ${threshold} root keys must sign: losing a single one means that root can never be changed again`];
}

function sharedKeyWarnings({ roles }: Root): string[] {
  return roles.root.keyids.flatMap((keyid) => {
    const others = TOP_LEVEL_ROLES.filter((role) => role !== 'root' && roles[role].keyids.includes(keyid));
    return others.length > 0
      ? [`key ${keyid} signs root and ${others.join(', ')}: a root key should sign nothing else`]
      : [];
  });
}

export function expiryWarnings({ expires }: Pick<Root, 'expires'>, now: Date): string[] {
  if (new Date(expires) <= now) return [`it expired at ${expires}`];
  const days = Math.ceil((new Date(expires).getTime() - now.getTime()) / 86_400_000);
  return days < SOON_DAYS
    ? [`it expires in ${days} ${days === 1 ? 'day' : 'days'}: a next version is needed before that`]
    : [];
}
