import { isReached, type KeysGone, type RoleAtRisk } from './role-at-risk.js';

/** What somebody with the stolen keys can do now: the table of compromises of PEP 458, for the keys together. */
export function dangerOf(role: RoleAtRisk, roles: readonly RoleAtRisk[], gone: KeysGone): string {
  const stolen = role.keyIds.filter((id) => gone.stolen.includes(id)).length;
  if (stolen === 0) return 'nobody else can sign with what is lost';
  if (stolen < role.threshold) return `nothing yet: it takes ${role.threshold - stolen} more of its keys`;
  const reached = new Set(roles.filter((other) => isReached(other, gone)).map(({ name }) => name));
  switch (role.kind) {
    case 'root':
      return 'everything: a next root with keys of their own, which clients will follow';
    case 'bins':
      return `sign any artifact of these bins${handedOut(reached)}`;
    case 'delegated':
      return `sign any artifact of the paths of this role${handedOut(reached)}`;
    case 'top-level':
      return topLevelDanger(role.name, reached);
    default:
      return role.kind satisfies never;
  }
}

function topLevelDanger(name: string, reached: ReadonlySet<string>): string {
  if (name === 'targets') return `delegate to anybody and sign any artifact${handedOut(reached)}`;
  if (reached.has('snapshot') && reached.has('timestamp')) {
    return 'with snapshot and timestamp: freeze clients at what they have, mix old versions, and run versions ahead';
  }
  if (name === 'timestamp') return 'freeze clients at what they have, until that expires; more only with snapshot';
  return 'nothing alone; with timestamp, too, mix old versions';
}

function handedOut(reached: ReadonlySet<string>): string {
  const missing = ['snapshot', 'timestamp'].filter((name) => !reached.has(name));
  if (missing.length === 0) return ', and hand it to clients, for the keys of snapshot and timestamp are stolen, too';
  return `; clients take it only with ${missing.join(' and ')}, whose keys are not stolen`;
}
