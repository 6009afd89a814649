import type { Change } from './change.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RoleName } from './role-name.js';

/**
 * The delegated roles that changes of artifacts and renewals will ask for, so that they can be loaded at once; what other
 * changes need is told by MetadataNotLoaded.
 */
export function rolesNeeded(tree: DelegationTree, changes: readonly Change[], due: readonly RoleName[]): Set<RoleName> {
  const named = [...due, ...changes.flatMap((change) => (change.kind === 'resign' ? change.roles : []))];
  const renewed = changes.some((change) => change.kind === 'resign' && change.roles.length === 0) ? tree.names() : [];
  const walked = changes.flatMap(pathsOf).flatMap((path) => tree.walk(path));
  return new Set([...named, ...renewed, ...walked].filter((role) => tree.has(role)));
}

function pathsOf(change: Change): readonly string[] {
  if (change.kind === 'add-artifacts') return change.artifacts.map(({ path }) => path);
  return change.kind === 'remove-artifacts' ? change.paths : [];
}
