import { canonicalJson } from './canonical-json.js';
import { delegatedRoleNames, sameTrust, type TrustedKeys } from './delegation.js';
import { DelegationTree } from './delegation-tree.js';
import { isExpired } from './expiry.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Delegations, Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import type { MetadataFile, Revision } from './metadata-file.js';
import {
  assertDescribes,
  ClientRefusal,
  openFile,
  openRoot,
  openSnapshot,
  openTargets,
  refuses,
} from './opened-file.js';
import { type PublishedMetadata, publishedTree } from './repository-state.js';
import { metaFileName, type RoleName, SNAPSHOT, TARGETS } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';
import { thresholdMet } from './signature.js';
import { type ChangedEntry, SnapshotEntries } from './snapshot-entries.js';
import { runToEnd, type Steps } from './steps.js';
import { addedPaths } from './targets-content.js';
import type { VerifiedSignatures } from './verified-signatures.js';

/** The targets roles of a revision, as read from their bytes, in its order. */
type Opened = ReadonlyMap<RoleName, SignedMetadata<Targets>>;

/** What holds of single files, wherever they come in a client's order. */
export interface FoundAhead {
  /** Signatures that are valid. */
  readonly verified: VerifiedSignatures;
  /** By {@link openTargetsRole}. */
  readonly opened: Opened;
}

/** What a client works through, and what it has come to trust on the way. */
interface Update {
  readonly published: PublishedMetadata | null;
  readonly revision: Revision;
  readonly now: Date;
  readonly identities: IdentityVerifier | undefined;
  readonly verified: VerifiedSignatures | undefined;
}

/**
 * Works through a revision as a client does (specification 5.3 to 5.6), from the bytes that will be served, on top of
 * the published one. What the revision leaves as it was has been checked when it was published.
 * @returns what the client has then: the top level, what delegates, and what the revision brings.
 * @throws TufError `client-would-refuse` naming the file and the reason.
 */
export function assertClientAccepts(
  published: PublishedMetadata | null,
  revision: Revision,
  now: Date,
  identities?: IdentityVerifier | undefined,
): PublishedMetadata {
  return runToEnd(clientSteps(published, revision, now, identities));
}

/**
 * As {@link assertClientAccepts}, file by file: a revision may bring thousands.
 * @param ahead what was found out of them before, in whatever order.
 */
export function* clientSteps(
  published: PublishedMetadata | null,
  revision: Revision,
  now: Date,
  identities?: IdentityVerifier | undefined,
  ahead?: FoundAhead,
): Steps<PublishedMetadata> {
  const update = { published, revision, now, identities, verified: ahead?.verified };
  const root = acceptRoot(update);
  const timestamp = acceptTimestamp(update, root);
  const snapshot = acceptSnapshot(update, root.signed, timestamp.signed);
  yield;
  const opened = ahead?.opened ?? (yield* openTargetsRoles(update));
  const targets = acceptTargets(update, root.signed, snapshot.signed, opened);
  const before = published && publishedTree(published, identities);
  const after = treeAfter(before ?? new DelegationTree(root.signed, new Map(), identities), root.signed, opened);
  assertEveryEntryExists(update, snapshot.signed, before, after);
  for (const file of revision.targetsRoles) {
    if (file.role !== TARGETS) acceptDelegatedRole(update, snapshot.signed, before, after, file, opened);
    yield;
  }
  assertOthersStillTrusted(update, before, after, opened);
  const delegated = new Map([...(published?.delegated ?? []), ...opened].filter(([role]) => after.has(role)));
  delegated.delete(TARGETS);
  return { root, targets, snapshot, timestamp, delegated, listing: new Map() };
}

function* openTargetsRoles({ published, revision: { targetsRoles } }: Update): Steps<Opened> {
  const opened = new Map<RoleName, SignedMetadata<Targets>>();
  for (const file of targetsRoles) {
    opened.set(file.role, openTargetsRole(file, published));
    yield;
  }
  return opened;
}

/** As a client reads it from its bytes, by itself. */
export function openTargetsRole(
  file: MetadataFile<Targets>,
  published: PublishedMetadata | null,
): SignedMetadata<Targets> {
  return openTargets(file, published?.delegated.get(file.role)?.signed.targets);
}

function treeAfter(before: DelegationTree, root: Root, opened: Opened): DelegationTree {
  const changes = new Map<RoleName, Delegations | undefined>(
    [...opened].map(([role, { signed }]) => [role, signed.delegations]),
  );
  return before.with(changes, root);
}

function acceptRoot({ published, revision: { root }, now, identities, verified }: Update): SignedMetadata<Root> {
  const previous = published?.root;
  if (!root) {
    if (!previous) throw refuses('root', 'there is none');
    assertFresh('root', previous.signed, now);
    return previous;
  }
  const metadata = openRoot(root);
  assertFollows('root', metadata.signed, previous?.signed);
  if (previous) assertSigned('root', metadata, keysOfTopLevelRole(previous.signed, 'root', identities), verified);
  assertSigned('root', metadata, keysOfTopLevelRole(metadata.signed, 'root', identities), verified);
  assertFresh('root', metadata.signed, now);
  return metadata;
}

function acceptTimestamp(update: Update, root: SignedMetadata<Root>): SignedMetadata<Timestamp> {
  const { published, revision } = update;
  const metadata = openFile(revision.timestamp, 'timestamp');
  accept(update, 'timestamp', metadata, keysOfTopLevelRole(root.signed, 'timestamp'));
  assertFollows('timestamp', metadata.signed, published?.timestamp.signed);
  return metadata;
}

function acceptSnapshot(update: Update, root: Root, timestamp: Timestamp): SignedMetadata<Snapshot> {
  const { published, revision, now } = update;
  const entry = timestamp.meta['snapshot.json'];
  const previous = published?.snapshot;
  if (!revision.snapshot) {
    if (previous?.signed.version !== entry.version)
      throw refuses('timestamp', 'it names a snapshot that does not exist');
    if (canonicalJson(entry) !== canonicalJson(published?.timestamp.signed.meta['snapshot.json'])) {
      throw refuses('timestamp', 'it describes the published snapshot otherwise than before');
    }
    assertFresh('snapshot', previous.signed, now);
    return previous;
  }
  const before = previous?.signed.meta ?? SnapshotEntries.NONE;
  const metadata = openSnapshot(revision.snapshot, before);
  assertDescribes('snapshot', entry, metadata.signed.version, revision.snapshot.bytes);
  accept(update, 'snapshot', metadata, keysOfTopLevelRole(root, 'snapshot'));
  assertFollows('snapshot', metadata.signed, previous?.signed);
  assertNothingDropped(before, metadata.signed.meta);
  return metadata;
}

function acceptTargets(update: Update, root: Root, snapshot: Snapshot, opened: Opened): SignedMetadata<Targets> {
  const { published, revision, now, identities } = update;
  const file = revision.targetsRoles.find(({ role }) => role === TARGETS);
  const metadata = opened.get(TARGETS);
  const entry = snapshot.meta.get(metaFileName(TARGETS));
  if (!entry) throw refuses('snapshot', 'it does not list targets');
  if (!file || !metadata) {
    const previous = published?.targets;
    if (previous?.signed.version !== entry.version)
      throw refuses('snapshot', 'it names a targets version that does not exist');
    assertFresh('targets', previous.signed, now);
    return previous;
  }
  assertFollows('targets', metadata.signed, publishedEntry(published, TARGETS));
  assertDescribes('targets', entry, metadata.signed.version, file.bytes);
  accept(update, 'targets', metadata, keysOfTopLevelRole(root, 'targets', identities));
  return metadata;
}

/** Every delegated role is listed, and every version that is listed anew comes with the revision. */
function assertEveryEntryExists(
  { published, revision }: Update,
  snapshot: Snapshot,
  before: DelegationTree | null,
  after: DelegationTree,
): void {
  // Nothing is dropped from snapshot, so that roles that were delegated before are still listed.
  const delegated = after.delegatesAs(before) ? [] : after.names();
  for (const role of delegated) {
    if (!snapshot.meta.get(metaFileName(role)))
      throw refuses('snapshot', `it does not list the delegated role ${role}`);
  }
  const brought = new Set(revision.targetsRoles.map(({ role }) => metaFileName(role)));
  for (const { name, before: entry, after: next } of changedEntries(published, snapshot)) {
    if (next && next.version !== entry?.version && !brought.has(name)) {
      throw refuses('snapshot', `it names version ${next.version} of ${name}, which does not exist`);
    }
  }
}

function changedEntries(published: PublishedMetadata | null, { meta }: Snapshot): readonly ChangedEntry[] {
  return meta.changedSince(published?.snapshot.signed.meta ?? SnapshotEntries.NONE);
}

function acceptDelegatedRole(
  update: Update,
  snapshot: Snapshot,
  before: DelegationTree | null,
  tree: DelegationTree,
  file: MetadataFile<Targets>,
  opened: Opened,
): void {
  const { published } = update;
  const { role } = file;
  const metadata = opened.get(role);
  const entry = snapshot.meta.get(metaFileName(role));
  const keys = tree.keysOf(role);
  if (!metadata || !entry || !keys) throw refuses(role, 'nothing delegates to it, or snapshot does not list it');
  assertFollows(role, metadata.signed, publishedEntry(published, role));
  assertDescribes(role, entry, metadata.signed.version, file.bytes);
  accept(update, role, metadata, keys);
  // What it listed before was delegated to it then, and with the same delegations still is.
  const known = tree.delegatesAs(before) ? published?.delegated.get(role)?.signed : undefined;
  const stray = addedPaths(known, metadata.signed).find((path) => !tree.walk(path).includes(role));
  if (stray !== undefined) throw refuses(role, `it lists ${stray}, which is not delegated to it`);
}

/** What the revision leaves as it was has to be signed by those whom root and delegations name from now on. */
function assertOthersStillTrusted(
  { published, revision, verified }: Update,
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
    if (!thresholdMet(metadata, trusted, verified)) throw refuses(role, lacksSignatures(trusted));
  }
}

function metadataIn({ targets, snapshot, delegated }: PublishedMetadata, role: RoleName): SignedMetadata | undefined {
  if (role === TARGETS) return targets;
  return role === SNAPSHOT ? snapshot : delegated.get(role);
}

function accept({ verified, now }: Update, role: string, metadata: SignedMetadata, trusted: TrustedKeys): void {
  assertSigned(role, metadata, trusted, verified);
  assertFresh(role, metadata.signed, now);
}

function assertSigned(
  role: string,
  metadata: SignedMetadata,
  trusted: TrustedKeys,
  verified: VerifiedSignatures | undefined,
): void {
  if (!thresholdMet(metadata, trusted, verified)) {
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
  return published?.snapshot.signed.meta.get(metaFileName(role));
}

function assertNothingDropped(before: SnapshotEntries, after: SnapshotEntries): void {
  for (const { name, before: entry, after: next } of after.changedSince(before)) {
    if (!next) throw refuses('snapshot', `it drops ${name}`);
    if (entry && next.version < entry.version)
      throw refuses('snapshot', `it takes ${name} back to version ${next.version}`);
  }
}
