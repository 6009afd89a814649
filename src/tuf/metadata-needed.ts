import type { Change } from './change.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RoleName } from './role-name.js';
import type { Steps } from './steps.js';

/**
 * The delegated roles that changes of artifacts and renewals will ask for, so that they can be loaded at once; what other
 * changes need is told by MetadataNotLoaded.
 */
export function* rolesNeeded(
  tree: DelegationTree,
  changes: readonly Change[],
  due: readonly RoleName[],
): Steps<Set<RoleName>> {
  const needed = new Set<RoleName>(due);
  for (const change of changes) {
    if (change.kind === 'resign')
      for (const role of change.roles.length > 0 ? change.roles : tree.names()) needed.add(role);
    for (const path of pathsOf(change)) for (const role of tree.walk(path)) needed.add(role);
    yield;
  }
  return new Set([...needed].filter((role) => tree.depth(role) > 0));
}

function pathsOf(change: Change): readonly string[] {
  if (change.kind === 'add-artifacts') return change.artifacts.map(({ path }) => path);
  return change.kind === 'remove-artifacts' ? change.paths : [];
}
