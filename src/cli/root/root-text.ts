import { type Root, TOP_LEVEL_ROLES } from '../../tuf/metadata.js';
import type { RegisteredKey } from '../answers.js';
import { describePlace } from '../keys/key-text.js';
import { describeMoment } from '../moment.js';
import { facts, table } from '../table.js';

export interface RootView {
  readonly repository: string;
  readonly root: Root;
  /** The version of root that clients are at now. */
  readonly inForce: number;
  /** The keys that have names, by their ids. */
  readonly known: ReadonlyMap<string, RegisteredKey>;
}

export function describeRoot({ repository, root, inForce, known }: RootView, now: Date): string {
  const { version, expires } = root;
  return [
    facts([
      ['Repository', repository],
      ['Root version', version === inForce ? `${version} (in force)` : `${version} (version ${inForce} is in force)`],
      ['Expires', describeMoment(expires, now)],
    ]),
    table(['Role', 'Signatures', 'Key', 'Scheme', 'Where'], roleRows(root, known)),
  ].join('\n\n');
}

function roleRows({ roles, keys }: Root, known: RootView['known']): string[][] {
  return TOP_LEVEL_ROLES.flatMap((role) => {
    const { keyids, threshold } = roles[role];
    return keyids.map((keyid, index) => [
      index === 0 ? role : '',
      index === 0 ? `${threshold} of ${keyids.length}` : '',
      keyid,
      keys[keyid]?.scheme ?? '',
      describePlace(known.get(keyid)),
    ]);
  });
}
