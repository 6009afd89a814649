import { sameTargetFile, type TargetFile } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import { binsOf } from './hash-bins.js';
import type { DelegatedRole, Delegations, RoleKeys, Targets } from './metadata.js';
import type { RoleName } from './role-name.js';
import { changedPaths, fileIn, pathsIn } from './targets-content.js';

/** More artifacts than this are counted, not listed. */
const LISTED_ARTIFACTS = 20;

/** What a version of a targets role changes, in words for those who are asked to sign it; a first one as a whole. */
export function describeTargetsChange(previous: Targets | null, next: Targets): string[] {
  const changes = [
    ...describeArtifacts(previous, next),
    ...describeDelegations(previous?.delegations, next.delegations),
    ...describeExpiry(previous, next),
    ...describeOtherFields(previous, next),
  ];
  const isEmptyStart = !previous && pathsIn(next).length === 0 && !next.delegations;
  return isEmptyStart ? ['it lists nothing yet', ...changes] : changes;
}

function describeArtifacts(before: Targets | null, after: Targets): string[] {
  const paths = changedPaths(before ?? undefined, after);
  const lines = paths.flatMap((path) => describeArtifact(path, fileIn(before ?? undefined, path), fileIn(after, path)));
  if (lines.length <= LISTED_ARTIFACTS) return lines;
  return [...lines.slice(0, LISTED_ARTIFACTS), `and ${lines.length - LISTED_ARTIFACTS} more artifacts change`];
}

function describeArtifact(path: string, before: TargetFile | null, after: TargetFile | null): string[] {
  if (sameTargetFile(before, after)) return [];
  if (!after) return [`artifact ${path} removed`];
  const what = `${after.length} bytes, sha256 ${after.hashes.sha256 ?? 'missing'}`;
  return [before ? `artifact ${path} replaced: ${what}` : `artifact ${path} added: ${what}`];
}

function describeDelegations(before: Delegations | undefined, after: Delegations | undefined): string[] {
  const bins = [binsOf(before), binsOf(after)] as const;
  if (bins[0] || bins[1]) return describeBins(...bins, before, after);
  const [earlier, later] = [before?.roles ?? [], after?.roles ?? []];
  const names = new Set([...earlier, ...later].map(({ name }) => name));
  const lines = [...names].flatMap((name) => describeRole(name, roleIn(earlier, name), roleIn(later, name)));
  return [...lines, ...describeOrder(earlier, later)];
}

type BinsSeen = ReturnType<typeof binsOf>;

function describeBins(
  before: BinsSeen,
  after: BinsSeen,
  earlier: Delegations | undefined,
  later: Delegations | undefined,
): string[] {
  const named = [...(before ? [] : (earlier?.roles ?? [])), ...(after ? [] : (later?.roles ?? []))];
  const lines = named.flatMap(({ name }) =>
    describeRole(name, before ? undefined : roleIn(named, name), before ? roleIn(named, name) : undefined),
  );
  if (!after) return ['the hash bins are removed', ...lines];
  const what = `${after.count} ${after.kind} hash bins`;
  if (!before) return [`delegates to ${what}: ${describeSigners(after.signers)}`, ...lines];
  return [
    ...(before.count === after.count && before.kind === after.kind
      ? []
      : [`the hash bins change from ${before.count} ${before.kind} to ${after.count} ${after.kind}`]),
    ...describeSignerChange('the hash bins', before.signers, after.signers),
  ];
}

function describeRole(name: RoleName, before: DelegatedRole | undefined, after: DelegatedRole | undefined): string[] {
  if (!after) return [`delegated role ${name} removed`];
  const about = `delegated role ${name}`;
  if (!before) {
    const terminating = after.terminating ? ', terminating' : '';
    return [`${about} added for ${describePaths(after)}${terminating}: ${describeSigners(after)}`];
  }
  return [
    ...(describePaths(before) === describePaths(after)
      ? []
      : [`${about}: paths change from ${describePaths(before)} to ${describePaths(after)}`]),
    ...describeSignerChange(about, before, after),
    ...(before.terminating === after.terminating
      ? []
      : [`${about} ${after.terminating ? 'becomes' : 'is no more'} terminating`]),
  ];
}

function describeOrder(before: readonly DelegatedRole[], after: readonly DelegatedRole[]): string[] {
  const common = (roles: readonly DelegatedRole[], others: readonly DelegatedRole[]) =>
    roles.map(({ name }) => name).filter((name) => roleIn(others, name));
  const [earlier, later] = [common(before, after), common(after, before)];
  return earlier.join() === later.join() ? [] : [`the order of the delegated roles becomes ${later.join(', ')}`];
}

function describeSignerChange(about: string, before: RoleKeys, after: RoleKeys): string[] {
  const added = after.keyids.filter((keyid) => !before.keyids.includes(keyid));
  const removed = before.keyids.filter((keyid) => !after.keyids.includes(keyid));
  return [
    ...added.map((keyid) => `${about}: key ${keyid} added`),
    ...removed.map((keyid) => `${about}: key ${keyid} removed`),
    ...(before.threshold === after.threshold
      ? []
      : [`${about}: threshold changes from ${before.threshold} to ${after.threshold}`]),
  ];
}

function describeSigners({ keyids, threshold }: RoleKeys): string {
  return `${threshold} of ${keyids.length} keys must sign: ${keyids.join(', ')}`;
}

function describePaths({ paths, path_hash_prefixes }: DelegatedRole): string {
  if (paths) return paths.length > 0 ? paths.join(', ') : 'no path';
  const prefixes = path_hash_prefixes ?? [];
  return prefixes.length > 16 ? `${prefixes.length} hash prefixes` : `hash prefixes ${prefixes.join(', ')}`;
}

function roleIn(roles: readonly DelegatedRole[], name: RoleName): DelegatedRole | undefined {
  return roles.find((role) => role.name === name);
}

function describeExpiry(previous: Targets | null, { expires }: Targets): string[] {
  if (!previous) return [`expires ${expires}`];
  return previous.expires === expires ? [] : [`expiry changes from ${previous.expires} to ${expires}`];
}

const DESCRIBED = ['_type', 'version', 'expires', 'targets', 'delegations', 'spec_version'];

function describeOtherFields(previous: Targets | null, next: Targets): string[] {
  const [before, after] = [new Map(Object.entries(previous ?? {})), new Map(Object.entries(next))];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !DESCRIBED.includes(name));
  return names
    .filter((name) => canonicalJson(before.get(name) ?? null) !== canonicalJson(after.get(name) ?? null))
    .map((name) => `field ${JSON.stringify(name)} changes`);
}
