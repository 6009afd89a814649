import type { DelegationTree } from './delegation-tree.js';
import type { DelegatedRole, Delegations } from './metadata.js';
import { literalPrefix } from './path-pattern.js';

/** Starts of the paths that may belong to another role after a change of delegations; an empty one stands for any path. */
export function prefixesConcerned(before: DelegationTree | null, after: DelegationTree): string[] {
  if (!before) return [];
  const delegators = new Set([...before.delegators, ...after.delegators]);
  const prefixes = [...delegators].flatMap((role) => differences(before.delegations(role), after.delegations(role)));
  return [...new Set(prefixes)];
}

/** What the paths of some roles start with; hash prefixes may be of any path. */
export function prefixesOf(roles: readonly DelegatedRole[]): string[] {
  return [...new Set(roles.flatMap(({ paths }) => paths?.map(literalPrefix) ?? ['']))];
}

function differences(before: Delegations | undefined, after: Delegations | undefined): string[] {
  if (before === after) return [];
  const shape = (delegations: Delegations | undefined) => {
    const { bit_length, name_prefix } = delegations?.succinct_roles ?? {};
    return JSON.stringify([bit_length, name_prefix]);
  };
  if (shape(before) !== shape(after)) return [''];
  const routing = ({ name, terminating, paths, path_hash_prefixes }: DelegatedRole) =>
    JSON.stringify([name, terminating, paths, path_hash_prefixes]);
  const [earlier, later] = [before?.roles ?? [], after?.roles ?? []];
  const changed = later.filter((role, index) => routing(role) !== (earlier[index] ? routing(earlier[index]) : ''));
  const gone = earlier.filter((role, index) => routing(role) !== (later[index] ? routing(later[index]) : ''));
  return prefixesOf([...changed, ...gone]);
}
