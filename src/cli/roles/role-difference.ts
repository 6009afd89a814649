import { type Key, keyIdOf } from '../../tuf/key.js';
import { describeSeconds } from '../moment.js';
import type { RoleAnswer } from './role-answer.js';
import { describePrefix, LAST_PLACE, type RoleFields } from './role-flags.js';

/** What an edit changes, in words, and whether it should be asked about. */
export interface Difference {
  readonly changes: readonly string[];
  /** Whether something is taken away or other keys decide. */
  readonly isGrave: boolean;
}

interface Signers {
  readonly keyIds: readonly string[];
  readonly threshold: number;
}

export function roleDifference(role: RoleAnswer, fields: RoleFields): Difference {
  const { terminating, position, expiry } = fields;
  const scope = scopeDifference(role, fields);
  const signers = signerDifference(role, signersAfter(role, fields));
  const changes = [
    ...scope.changes,
    ...signers.changes,
    ...(terminating === undefined || terminating === role.terminating
      ? []
      : [terminating ? 'it becomes terminating' : 'it is no more terminating']),
    ...(position === undefined || position === role.position ? [] : [describePlace(role.position, position)]),
    ...(expiry === undefined || expiry.days * 86_400 === role.lifetime.expiry
      ? []
      : [`valid for ${describeSeconds(expiry.days * 86_400)}, not ${describeSeconds(role.lifetime.expiry)}`]),
  ];
  return { changes, isGrave: scope.isGrave || signers.isGrave };
}

export function signerDifference(before: Signers, after: Signers): Difference {
  const changes = [
    ...without(after.keyIds, before.keyIds).map((id) => `key ${id} added`),
    ...without(before.keyIds, after.keyIds).map((id) => `key ${id} removed`),
    ...(before.threshold === after.threshold
      ? []
      : [`threshold changes from ${before.threshold} to ${after.threshold}`]),
  ];
  return { changes, isGrave: changes.length > 0 };
}

export function signersAfter(before: Signers, { keys, threshold }: Pick<RoleFields, 'keys' | 'threshold'>): Signers {
  return { keyIds: keys?.map(idOf) ?? before.keyIds, threshold: threshold ?? before.threshold };
}

function idOf(key: string | Key): string {
  return typeof key === 'string' ? key : keyIdOf(key);
}

function scopeDifference(role: RoleAnswer, { paths, pathHashPrefixes }: RoleFields): Difference {
  const after = scopeOf(paths, pathHashPrefixes);
  if (!after) return { changes: [], isGrave: false };
  const before = scopeOf(role.paths, role.pathHashPrefixes);
  if (!before) return { changes: [`${after.join(', ')} instead of the hash prefixes it has`], isGrave: true };
  const removed = without(before, after);
  const added = without(after, before).map((item) => `${item} added`);
  return { changes: [...added, ...removed.map((item) => `${item} removed`)], isGrave: removed.length > 0 };
}

/** Null where there is neither, or too many to be listed. */
function scopeOf(
  paths: readonly string[] | null | undefined,
  prefixes: readonly string[] | null | undefined,
): string[] | null {
  return paths?.map((path) => `path ${path}`) ?? prefixes?.map(describePrefix) ?? null;
}

function describePlace(before: number | null, after: number): string {
  const place = after === LAST_PLACE ? 'the last' : `number ${after + 1}`;
  return `${place} among the roles of its delegator${before === null ? '' : `, not number ${before + 1}`}`;
}

function without(items: readonly string[], others: readonly string[]): string[] {
  return items.filter((item) => !others.includes(item));
}
