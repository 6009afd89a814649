import { InvalidArgumentError } from 'commander';
import { ONLINE_ROLES, type OnlineRole } from './next-root.js';

/** Which key shall sign which roles: the id of a key, a file, or `new`. */
export interface OnlineKeyFlag {
  readonly roles: readonly OnlineRole[];
  readonly key: string;
}

/** `ROLE=KEYID|FILE|new`, any number of times. */
export function gatherOnlineKeys(text: string, before: readonly OnlineKeyFlag[] | undefined): OnlineKeyFlag[] {
  return [...(before ?? []), parseOnlineKeyFlag(text)];
}

export function parseOnlineKeyFlag(text: string): OnlineKeyFlag {
  const [, name, key = ''] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const roles = ONLINE_ROLES.filter((role) => name === 'all' || name === role);
  if (roles.length > 0) return { roles, key };
  throw new InvalidArgumentError(
    `It must be ROLE=KEYID, ROLE=FILE or ROLE=new, ROLE one of ${ONLINE_ROLES.join(', ')}, all.`,
  );
}

/** What each role gets: a flag for one role wins over one for all, and later ones over earlier ones. */
export function onlineKeyByRole(flags: readonly OnlineKeyFlag[]): Map<OnlineRole, OnlineKeyFlag> {
  const byWidth = [...flags].sort((left, right) => right.roles.length - left.roles.length);
  return new Map(byWidth.flatMap((flag) => flag.roles.map((role) => [role, flag] as const)));
}
