import { canonicalJson } from './canonical-json.js';
import { type Root, TOP_LEVEL_ROLES, type TopLevelRole } from './metadata.js';

/** What a root changes, in words for those who are asked to sign it; the first root is described as a whole. */
export function describeRootChange(previous: Root | null, root: Root): string[] {
  const roles = TOP_LEVEL_ROLES.flatMap((role) => describeRole(role, previous, root));
  const changes = [...roles, ...describeExpiry(previous, root), ...describeOtherFields(previous, root)];
  return changes.length > 0 || isVersionAlone(previous, root) ? changes : ['fields within keys or roles change'];
}

function describeRole(role: TopLevelRole, previous: Root | null, root: Root): string[] {
  const { keyids, threshold } = root.roles[role];
  const before = previous?.roles[role];
  if (!before) return [`${role}: ${threshold} of ${keyids.length} keys must sign: ${keyids.join(', ')}`];
  const added = keyids.filter((keyid) => !before.keyids.includes(keyid));
  const removed = before.keyids.filter((keyid) => !keyids.includes(keyid));
  return [
    ...added.map((keyid) => `${role}: key ${keyid} added`),
    ...removed.map((keyid) => `${role}: key ${keyid} removed`),
    ...(before.threshold === threshold ? [] : [`${role}: threshold changes from ${before.threshold} to ${threshold}`]),
  ];
}

function describeExpiry(previous: Root | null, { expires }: Root): string[] {
  if (!previous) return [`expires ${expires}`];
  return previous.expires === expires ? [] : [`expiry changes from ${previous.expires} to ${expires}`];
}

const DESCRIBED = ['_type', 'version', 'expires', 'keys', 'roles'];

function describeOtherFields(previous: Root | null, root: Root): string[] {
  if (!previous) return [];
  const before = new Map(Object.entries(previous));
  const after = new Map(Object.entries(root));
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !DESCRIBED.includes(name));
  return names
    .filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)))
    .map((name) => `field ${JSON.stringify(name)} changes`);
}

function isVersionAlone(previous: Root | null, root: Root): boolean {
  return previous !== null && canonicalJson({ ...previous, version: 0 }) === canonicalJson({ ...root, version: 0 });
}
