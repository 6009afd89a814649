import { type Root, TOP_LEVEL_ROLES } from '../../tuf/metadata.js';
import { describeMoment } from '../moment.js';
import { facts, table } from '../table.js';

export interface RootView {
  readonly repository: string;
  readonly root: Root;
  /** The version of root that clients are at now. */
  readonly inForce: number;
  /** What people call the online keys, by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

export function describeRoot({ repository, root, inForce, names }: RootView, now: Date): string {
  const { version, expires } = root;
  return [
    facts([
      ['Repository', repository],
      ['Root version', version === inForce ? `${version} (in force)` : `${version} (version ${inForce} is in force)`],
      ['Expires', describeMoment(expires, now)],
    ]),
    table(['Role', 'Signatures', 'Key', 'Scheme', 'Where'], roleRows(root, names)),
  ].join('\n\n');
}

function roleRows({ roles, keys }: Root, names: ReadonlyMap<string, string>): string[][] {
  return TOP_LEVEL_ROLES.flatMap((role) => {
    const { keyids, threshold } = roles[role];
    return keyids.map((keyid, index) => [
      index === 0 ? role : '',
      index === 0 ? `${threshold} of ${keyids.length}` : '',
      keyid,
      keys[keyid]?.scheme ?? '',
      names.has(keyid) ? `online: ${names.get(keyid)}` : 'offline',
    ]);
  });
}
