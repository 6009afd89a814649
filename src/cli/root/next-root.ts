import { type Root, TOP_LEVEL_ROLES } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import type { TargetsSigners } from '../ceremony/first-root.js';
import { usageError } from '../command-error.js';
import type { NamedKey } from '../keys/public-key-file.js';
import { counted } from '../moment.js';

/** The roles that the service signs by itself. */
export const ONLINE_ROLES = ['targets', 'snapshot', 'timestamp'] as const;
export type OnlineRole = (typeof ONLINE_ROLES)[number];

/** What shall be different in the next root. */
export interface RootEdit {
  readonly addRootKeys: readonly NamedKey[];
  /** The beginning of each id. */
  readonly removeRootKeys: readonly string[];
  /** As it is, where undefined. */
  readonly threshold: number | undefined;
  readonly onlineKeys: ReadonlyMap<OnlineRole, NamedKey>;
  /** The people who sign targets from then on; null for who does now. */
  readonly targets: TargetsSigners | null;
  readonly expires: string;
}

/**
 * The root that follows `root`: fields unknown here stay, keys that no role uses any more go.
 * @throws CommandError for an edit that does not fit the root; TufError for one that no client would accept.
 */
export function nextRoot(root: Root, edit: RootEdit): Root {
  const roles = { ...root.roles, root: nextRootRole(root, edit) };
  for (const [role, { keyid }] of edit.onlineKeys) roles[role] = { ...roles[role], keyids: [keyid], threshold: 1 };
  if (edit.targets) roles.targets = targetsRole(root, edit.targets);
  const next: Root = {
    ...root,
    version: root.version + 1,
    expires: edit.expires,
    keys: usedKeys({ ...root.keys, ...keysOf(edit) }, roles),
    roles,
  };
  return parseRoot({ signatures: [], signed: next }).signed;
}

function targetsRole({ roles }: Root, { keys, threshold }: TargetsSigners): Root['roles']['targets'] {
  if (threshold > keys.length) {
    throw usageError(`a threshold of ${threshold} cannot be reached with ${counted(keys.length, 'targets key')}`);
  }
  return { ...roles.targets, keyids: keys.map(({ keyid }) => keyid), threshold };
}

function nextRootRole({ roles }: Root, { addRootKeys, removeRootKeys, threshold }: RootEdit): Root['roles']['root'] {
  const before = roles.root.keyids;
  const removed = new Set(removeRootKeys.map((prefix) => rootKeyWith(prefix, before)));
  const added = addRootKeys.map(({ keyid }) => keyid);
  const present = added.find((keyid) => before.includes(keyid));
  if (present) throw usageError(`${present} is a root key already`);
  const keyids = [...before.filter((keyid) => !removed.has(keyid)), ...added];
  const needed = threshold ?? roles.root.threshold;
  if (needed > keyids.length) {
    throw usageError(
      `a threshold of ${needed} cannot be reached with ${counted(keyids.length, 'root key')}`,
      'Give --threshold, or more --add-root-key.',
    );
  }
  return { ...roles.root, keyids, threshold: needed };
}

function rootKeyWith<Id extends string>(prefix: string, keyids: readonly Id[]): Id {
  const [found, ...others] = keyids.filter((keyid) => keyid.startsWith(prefix.toLowerCase()));
  if (prefix === '' || !found) throw usageError(`no root key has an id that starts with "${prefix}"`, ...keyids);
  if (others.length > 0) throw usageError(`several root keys have ids that start with "${prefix}"`, found, ...others);
  return found;
}

function keysOf({ addRootKeys, onlineKeys, targets }: RootEdit): Root['keys'] {
  return Object.fromEntries(
    [...addRootKeys, ...onlineKeys.values(), ...(targets?.keys ?? [])].map(({ keyid, key }) => [keyid, key]),
  );
}

function usedKeys(keys: Root['keys'], roles: Root['roles']): Root['keys'] {
  const used = new Set<string>(TOP_LEVEL_ROLES.flatMap((role) => roles[role].keyids));
  return Object.fromEntries(Object.entries(keys).filter(([keyid]) => used.has(keyid)));
}
