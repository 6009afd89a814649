import { delegatedRoleNames, keysOfDelegatedRole, sameTrust } from '../../tuf/delegation.js';
import type { Targets } from '../../tuf/metadata.js';
import { fileIn, pathsIn } from '../../tuf/targets-content.js';

/** Whether a version lists less than the one before, or other keys sign below it. */
export function takesAway(before: Targets, after: Targets): boolean {
  if (pathsIn(before).some((path) => fileIn(after, path) === null)) return true;
  return delegatedRoleNames(before.delegations).some((role) => {
    const [earlier, later] = [before, after].map(({ delegations }) => keysOfDelegatedRole(delegations, role));
    return !sameTrust(earlier ?? null, later ?? null);
  });
}
