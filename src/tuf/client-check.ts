import { canonicalJson } from './canonical-json.js';
import { delegatedRoleNames, keysOfDelegatedRole, roleForPath, type TrustedKeys } from './delegation.js';
import { isExpired } from './expiry.js';
import type { IdentityVerifier } from './identity-key.js';
import type { Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import type { MetadataFile, Revision } from './metadata-file.js';
import { assertDescribes, openFile, openRoot, refuses } from './opened-file.js';
import type { PublishedMetadata } from './repository-state.js';
import { metaFileName, type RoleName, TARGETS } from './role-name.js';
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
  const targets = acceptTargets(update, root, snapshot);
  assertEveryEntryExists(update, snapshot, targets);
  for (const file of revision.targetsRoles) {
    if (file.role !== TARGETS) acceptDelegatedRole(update, snapshot, targets, file);
  }
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

function acceptTargets({ published, revision, now, identities }: Update, root: Root, snapshot: Snapshot): Targets {
  const file = revision.targetsRoles.find(({ role }) => role === TARGETS);
  const entry = snapshot.meta[metaFileName(TARGETS)];
  if (!entry) throw refuses('snapshot', 'it does not list targets');
  if (!file) {
    const previous = published?.targets.signed;
    if (previous?.version !== entry.version)
      throw refuses('snapshot', 'it names a targets version that does not exist');
    assertFresh('targets', previous, now);
    return previous;
  }
  const metadata = openFile(file, 'targets');
  assertFollows('targets', metadata.signed, publishedEntry(published, TARGETS));
  assertDescribes('targets', entry, metadata.signed.version, file.bytes);
  accept('targets', metadata, keysOfTopLevelRole(root, 'targets', identities), now);
  return metadata.signed;
}

/** Every delegated role is listed, and every version that is listed anew comes with the revision. */
function assertEveryEntryExists({ published, revision }: Update, snapshot: Snapshot, targets: Targets): void {
  for (const role of delegatedRoleNames(targets.delegations)) {
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
  { published, now, identities }: Update,
  snapshot: Snapshot,
  targets: Targets,
  file: MetadataFile<Targets>,
): void {
  const { role } = file;
  const entry = snapshot.meta[metaFileName(role)];
  const keys = keysOfDelegatedRole(targets.delegations, role, identities);
  if (!entry || !keys) throw refuses(role, 'nothing delegates to it, or snapshot does not list it');
  const metadata = openFile(file, 'targets');
  assertFollows(role, metadata.signed, publishedEntry(published, role));
  assertDescribes(role, entry, metadata.signed.version, file.bytes);
  accept(role, metadata, keys, now);
  const stray = Object.keys(metadata.signed.targets).find((path) => roleForPath(targets.delegations, path) !== role);
  if (stray !== undefined) throw refuses(role, `it lists ${stray}, which is not delegated to it`);
}

function accept(role: string, metadata: SignedMetadata, trusted: TrustedKeys, now: Date): void {
  assertSigned(role, metadata, trusted);
  assertFresh(role, metadata.signed, now);
}

function assertSigned(role: string, metadata: SignedMetadata, trusted: TrustedKeys): void {
  if (!thresholdMet(metadata, trusted)) {
    throw refuses(role, `it lacks valid signatures of ${trusted.threshold} of the keys trusted for it`);
  }
}

function assertFresh(role: string, signed: Signed, now: Date): void {
  if (isExpired(signed, now)) throw refuses(role, `it expired at ${signed.expires}`);
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
