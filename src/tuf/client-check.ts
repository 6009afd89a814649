import { canonicalJson } from './canonical-json.js';
import { delegatedRoleNames, sameTrust, type TrustedKeys } from './delegation.js';
import { DelegationTree } from './delegation-tree.js';
import { isExpired } from './expiry.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Delegations, Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import type { MetadataFile, Revision } from './metadata-file.js';
import { assertDescribes, ClientRefusal, openFile, openRoot, refuses } from './opened-file.js';
import { type PublishedMetadata, publishedTree } from './repository-state.js';
import { metaFileName, type RoleName, SNAPSHOT, TARGETS } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';
import { thresholdMet } from './signature.js';

/** What a client works through, and what it has come to trust on the way. */
interface Update {
  readonly published: PublishedMetadata | null;
  readonly revision: Revision;
  readonly now: Date;
  readonly identities: IdentityVerifier | undefined;
}

/**
 * Works through a revision as a client does (specification 5.3 to 5.6), from the bytes that will be served, on top of
 * the published one. What the revision leaves as it was has been checked when it was published.
 * @throws TufError `client-would-refuse` naming the file and the reason.
 */
export function assertClientAccepts(
  published: PublishedMetadata | null,
  revision: Revision,
  now: Date,
  identities?: IdentityVerifier | undefined,
): void {
  const update = { published, revision, now, identities };
  const root = acceptRoot(update);
  const timestamp = acceptTimestamp(update, root);
  const snapshot = acceptSnapshot(update, root, timestamp);
  const opened = openTargetsRoles(revision);
  acceptTargets(update, root, snapshot, opened);
  const before = published && publishedTree(published, identities);
  const after = treeAfter(before ?? new DelegationTree(root, new Map(), identities), root, opened);
  assertEveryEntryExists(update, snapshot, after);
  for (const file of revision.targetsRoles) {
    if (file.role !== TARGETS) acceptDelegatedRole(update, snapshot, after, file, opened);
  }
  assertOthersStillTrusted(update, before, after, opened);
}

type Opened = ReadonlyMap<RoleName, SignedMetadata<Targets>>;

function openTargetsRoles({ targetsRoles }: Revision): Opened {
  return new Map(targetsRoles.map((file) => [file.role, openFile(file, 'targets')]));
}

function treeAfter(before: DelegationTree, root: Root, opened: Opened): DelegationTree {
  const changes = new Map<RoleName, Delegations | undefined>(
    [...opened].map(([role, { signed }]) => [role, signed.delegations]),
  );
  return before.with(changes, root);
}

function acceptRoot({ published, revision: { root }, now, identities }: Update): Root {
  const previous = published?.root.signed;
  if (!root) {
    if (!previous) throw refuses('root', 'there is none');
    assertFresh('root', previous, now);
    return previous;
  }
  const metadata = openRoot(root);
  assertFollows('root', metadata.signed, previous);
  if (previous) assertSigned('root', metadata, keysOfTopLevelRole(previous, 'root', identities));
  assertSigned('root', metadata, keysOfTopLevelRole(metadata.signed, 'root', identities));
  assertFresh('root', metadata.signed, now);
  return metadata.signed;
}

function acceptTimestamp({ published, revision, now }: Update, root: Root): Timestamp {
  const metadata = openFile(revision.timestamp, 'timestamp');
  accept('timestamp', metadata, keysOfTopLevelRole(root, 'timestamp'), now);
  assertFollows('timestamp', metadata.signed, published?.timestamp.signed);
  return metadata.signed;
}

function acceptSnapshot({ published, revision, now }: Update, root: Root, timestamp: Timestamp): Snapshot {
  const entry = timestamp.meta['snapshot.json'];
  const previous = published?.snapshot.signed;
  if (!revision.snapshot) {
    if (previous?.version !== entry.version) throw refuses('timestamp', 'it names a snapshot that does not exist');
    if (canonicalJson(entry) !== canonicalJson(published?.timestamp.signed.meta['snapshot.json'])) {
      throw refuses('timestamp', 'it describes the published snapshot otherwise than before');
    }
    assertFresh('snapshot', previous, now);
    return previous;
  }
  const metadata = openFile(revision.snapshot, 'snapshot');
  assertDescribes('snapshot', entry, metadata.signed.version, revision.snapshot.bytes);
  accept('snapshot', metadata, keysOfTopLevelRole(root, 'snapshot'), now);
  assertFollows('snapshot', metadata.signed, previous);
  assertNothingDropped(previous?.meta ?? {}, metadata.signed.meta);
  return metadata.signed;
}

function acceptTargets(
  { published, revision, now, identities }: Update,
  root: Root,
  snapshot: Snapshot,
  opened: Opened,
): void {
  const file = revision.targetsRoles.find(({ role }) => role === TARGETS);
  const metadata = opened.get(TARGETS);
  const entry = snapshot.meta[metaFileName(TARGETS)];
  if (!entry) throw refuses('snapshot', 'it does not list targets');
  if (!file || !metadata) {
    const previous = published?.targets;
    if (previous?.signed.version !== entry.version)
      throw refuses('snapshot', 'it names a targets version that does not exist');
    assertFresh('targets', previous.signed, now);
    return;
  }
  assertFollows('targets', metadata.signed, publishedEntry(published, TARGETS));
  assertDescribes('targets', entry, metadata.signed.version, file.bytes);
  accept('targets', metadata, keysOfTopLevelRole(root, 'targets', identities), now);
}

/** Every delegated role is listed, and every version that is listed anew comes with the revision. */
function assertEveryEntryExists({ published, revision }: Update, snapshot: Snapshot, tree: DelegationTree): void {
  for (const role of tree.names()) {
    if (!snapshot.meta[metaFileName(role)]) throw refuses('snapshot', `it does not list the delegated role ${role}`);
  }
  const brought = new Set(revision.targetsRoles.map(({ role }) => metaFileName(role)));
  const before = published?.snapshot.signed.meta ?? {};
  for (const [name, { version }] of Object.entries(snapshot.meta)) {
    if (before[name]?.version !== version && !brought.has(name)) {
      throw refuses('snapshot', `it names version ${version} of ${name}, which does not exist`);
    }
  }
}

function acceptDelegatedRole(
  { published, now }: Update,
  snapshot: Snapshot,
  tree: DelegationTree,
  file: MetadataFile<Targets>,
  opened: Opened,
): void {
  const { role } = file;
  const metadata = opened.get(role);
  const entry = snapshot.meta[metaFileName(role)];
  const keys = tree.keysOf(role);
  if (!metadata || !entry || !keys) throw refuses(role, 'nothing delegates to it, or snapshot does not list it');
  assertFollows(role, metadata.signed, publishedEntry(published, role));
  assertDescribes(role, entry, metadata.signed.version, file.bytes);
  accept(role, metadata, keys, now);
  const stray = Object.keys(metadata.signed.targets).find((path) => !tree.walk(path).includes(role));
  if (stray !== undefined) throw refuses(role, `it lists ${stray}, which is not delegated to it`);
}

/** What the revision leaves as it was has to be signed by those whom root and delegations name from now on. */
function assertOthersStillTrusted(
  { published, revision }: Update,
  before: DelegationTree | null,
  after: DelegationTree,
  opened: Opened,
): void {
  if (!published || !before) return;
  const brought = new Set<RoleName>(opened.keys());
  if (revision.snapshot) brought.add(SNAPSHOT);
  const changed = after.delegators.filter((role) => after.delegations(role) !== before.delegations(role));
  const named = [TARGETS, SNAPSHOT, ...changed.flatMap((role) => delegatedRoleNames(after.delegations(role)))];
  for (const role of named) {
    const trusted = after.keysOf(role);
    if (!trusted || brought.has(role) || sameTrust(before.keysOf(role), trusted)) continue;
    const metadata = metadataIn(published, role);
    if (!metadata) throw refuses(role, 'it has other keys now, and the version that they signed is not there');
    if (!thresholdMet(metadata, trusted)) throw refuses(role, lacksSignatures(trusted));
  }
}

function metadataIn({ targets, snapshot, delegated }: PublishedMetadata, role: RoleName): SignedMetadata | undefined {
  if (role === TARGETS) return targets;
  return role === SNAPSHOT ? snapshot : delegated.get(role);
}

function accept(role: string, metadata: SignedMetadata, trusted: TrustedKeys, now: Date): void {
  assertSigned(role, metadata, trusted);
  assertFresh(role, metadata.signed, now);
}

function assertSigned(role: string, metadata: SignedMetadata, trusted: TrustedKeys): void {
  if (!thresholdMet(metadata, trusted)) {
    throw new ClientRefusal('unsigned', role, lacksSignatures(trusted));
  }
}

function lacksSignatures({ threshold }: TrustedKeys): string {
  return `it lacks valid signatures of ${threshold} of the keys trusted for it`;
}

function assertFresh(role: string, signed: Signed, now: Date): void {
  if (isExpired(signed, now)) throw new ClientRefusal('expired', role, `it expired at ${signed.expires}`);
}

interface Versioned {
  readonly version: number;
}

/** A version identifies one content for ever (specification 4.4), so what is published anew has the next one. */
function assertFollows(role: string, signed: Versioned, previous: Versioned | undefined): void {
  if (signed.version !== (previous?.version ?? 0) + 1) throw refuses(role, 'its version does not follow');
}

function publishedEntry(published: PublishedMetadata | null, role: RoleName): Versioned | undefined {
  return published?.snapshot.signed.meta[metaFileName(role)];
}

function assertNothingDropped(before: Snapshot['meta'], after: Snapshot['meta']): void {
  for (const [name, { version }] of Object.entries(before)) {
    const next = after[name];
    if (!next) throw refuses('snapshot', `it drops ${name}`);
    if (next.version < version) throw refuses('snapshot', `it takes ${name} back to version ${next.version}`);
  }
}
