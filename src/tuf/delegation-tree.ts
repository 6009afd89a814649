import { delegatedRoleNames, delegatesTo, keysOfDelegatedRole, rolesForPath, type TrustedKeys } from './delegation.js';
import { binForPath } from './hash-bins.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Delegations, Root } from './metadata.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';

/** Where an artifact of a path belongs. */
export interface Route {
  /** The role that may list it: the last one that is found by taking the first delegation that matches, again and again. */
  readonly role: RoleName;
  /** Clients disagree about a pattern on the way, so no role may. */
  readonly isContested: boolean;
}

/** Who delegates to whom, as clients walk through it (specification 5.6.7): only what can be reached from targets. */
export class DelegationTree {
  private readonly byDelegator: ReadonlyMap<RoleName, Delegations>;
  private readonly delegatorsFound = new Map<RoleName, RoleName | null>();

  /** @param delegations by delegator; those that nothing leads to are left out. */
  constructor(
    readonly root: Root,
    delegations: ReadonlyMap<RoleName, Delegations>,
    private readonly identities?: IdentityVerifier | undefined,
  ) {
    this.byDelegator = reachable(delegations);
  }

  /** The roles that delegate. */
  get delegators(): RoleName[] {
    return [...this.byDelegator.keys()];
  }

  delegations(role: RoleName): Delegations | undefined {
    return this.byDelegator.get(role);
  }

  /** Root for the top-level roles, null for a role that clients do not know. */
  delegatorOf(role: RoleName): RoleName | null {
    if (role === TARGETS || role === SNAPSHOT || role === TIMESTAMP) return ROOT;
    const known = this.delegatorsFound.get(role);
    if (known !== undefined) return known;
    const found = [...this.byDelegator].find(([, delegations]) => delegatesTo(delegations, role))?.[0] ?? null;
    this.delegatorsFound.set(role, found);
    return found;
  }

  has(role: RoleName): boolean {
    return this.delegatorOf(role) !== null;
  }

  keysOf(role: RoleName): TrustedKeys | null {
    if (role === TARGETS || role === SNAPSHOT || role === TIMESTAMP) {
      return keysOfTopLevelRole(this.root, role as 'targets' | 'snapshot' | 'timestamp', this.identities);
    }
    const delegator = this.delegatorOf(role);
    return delegator && keysOfDelegatedRole(this.byDelegator.get(delegator), role, this.identities);
  }

  route(path: string): Route {
    let role = TARGETS;
    let isContested = false;
    for (;;) {
      const [first] = rolesForPath(this.byDelegator.get(role), path);
      if (!first) return { role, isContested };
      isContested ||= first.match === 'contested';
      role = first.name;
    }
  }

  /** The roles in which a client looks for `path`, in its order, as long as it does not find it. */
  walk(path: string): RoleName[] {
    const bins = this.byDelegator.size === 1 && this.byDelegator.get(TARGETS)?.succinct_roles;
    if (bins) return [TARGETS, binForPath(path, bins)]; // the usual case, and asked for most
    const visited = new Set<RoleName>();
    let next: RoleName[] = [TARGETS];
    for (let role = next.pop(); role !== undefined; role = next.pop()) {
      if (visited.has(role)) continue;
      visited.add(role);
      const children: RoleName[] = [];
      for (const { name, terminating } of rolesForPath(this.byDelegator.get(role), path)) {
        children.push(name);
        if (!terminating) continue;
        next = [];
        break;
      }
      next.push(...children.reverse());
    }
    return [...visited];
  }

  /** Every role below targets. */
  names(): RoleName[] {
    return [...this.byDelegator.values()].flatMap(delegatedRoleNames);
  }

  /** The role and all that it delegates to, directly or not. */
  under(role: RoleName): RoleName[] {
    return [role, ...delegatedRoleNames(this.byDelegator.get(role)).flatMap((name) => this.under(name))];
  }

  /** How many delegations lead to the role; 0 for the top level, and for a role that clients do not know. */
  depth(role: RoleName): number {
    const delegator = this.delegatorOf(role);
    return delegator === null || delegator === ROOT ? 0 : 1 + this.depth(delegator);
  }

  /** Whether the delegations are the very same as those of another tree; what was read anew counts as other. */
  delegatesAs(other: DelegationTree | null): boolean {
    if (!other || other.byDelegator.size !== this.byDelegator.size) return false;
    return [...this.byDelegator].every(([role, delegations]) => other.byDelegator.get(role) === delegations);
  }

  with(changes: ReadonlyMap<RoleName, Delegations | undefined>, root: Root = this.root): DelegationTree {
    const next = new Map(this.byDelegator);
    for (const [role, delegations] of changes) {
      if (delegations) next.set(role, delegations);
      else next.delete(role);
    }
    return new DelegationTree(root, next, this.identities);
  }
}

function reachable(delegations: ReadonlyMap<RoleName, Delegations>): Map<RoleName, Delegations> {
  const reached = new Map<RoleName, Delegations>();
  const left = new Map(delegations);
  const take = (role: RoleName) => {
    const own = left.get(role);
    if (!own) return;
    left.delete(role);
    reached.set(role, own);
    for (const other of [...left.keys()]) if (delegatesTo(own, other)) take(other);
  };
  take(TARGETS);
  return reached;
}

/** The roles that clients knew and know no more. */
export function rolesGone(before: DelegationTree | null, after: DelegationTree): RoleName[] {
  if (!before) return [];
  if (after.delegatesAs(before)) return [];
  const names = new Set(after.names());
  return before.names().filter((role) => !names.has(role));
}
