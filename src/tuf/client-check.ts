import { delegatedRoleNames, keysOfDelegatedRole, roleForPath, type TrustedKeys } from './delegation.js';
import { TufError } from './errors.js';
import { isExpired } from './expiry.js';
import type { MetaFile, Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import { type MetadataFile, type Revision, sha256Hex } from './metadata-file.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { parseRoot } from './parse-root.js';
import type { PublishedMetadata } from './repository-state.js';
import { metaFileName, type RoleName, TARGETS } from './role-name.js';
import { keysOfTopLevelRole } from './root-trust.js';
import { thresholdMet } from './signature.js';

/** Metadata as a client has come to trust it while it works through a revision. */
interface Trusted {
  readonly published: PublishedMetadata | null;
  readonly snapshot: Snapshot;
  readonly targets: Targets;
}

/**
 * Works through a revision as a client does (specification 5.3 to 5.6), from the bytes that will be served, on top of
 * the published one. What the revision leaves as it was has been checked when it was published.
 * @throws TufError `client-would-refuse` naming the file and the reason.
 */
export function assertClientAccepts(published: PublishedMetadata | null, revision: Revision, now: Date): void {
  const root = acceptRoot(published, revision, now);
  const timestamp = acceptTimestamp(published, revision, root, now);
  const snapshot = acceptSnapshot(published, revision, root, timestamp, now);
  const targets = acceptTargets(published, revision, root, snapshot, now);
  acceptDelegatedRoles(revision, { published, snapshot, targets }, now);
}

function acceptRoot(published: PublishedMetadata | null, { root }: Revision, now: Date): Root {
  if (!root) {
    if (!published) throw refuses('root', 'there is none');
    assertFresh('root', published.root.signed, now);
    return published.root.signed;
  }
  const metadata = parseRoot(jsonOf(root));
  const previous = published?.root.signed;
  if (metadata.signed.version !== (previous?.version ?? 0) + 1) throw refuses('root', 'its version does not follow');
  if (previous) assertSigned('root', metadata, keysOfTopLevelRole(previous, 'root'));
  assertSigned('root', metadata, keysOfTopLevelRole(metadata.signed, 'root'));
  assertFresh('root', metadata.signed, now);
  return metadata.signed;
}

function acceptTimestamp(
  published: PublishedMetadata | null,
  { timestamp }: Revision,
  root: Root,
  now: Date,
): Timestamp {
  const metadata = open(
    timestamp,
    'timestamp',
    keysOfTopLevelRole(root, 'timestamp'),
    now,
  ) as SignedMetadata<Timestamp>;
  const previous = published?.timestamp.signed;
  if (metadata.signed.version !== (previous?.version ?? 0) + 1)
    throw refuses('timestamp', 'its version does not follow');
  return metadata.signed;
}

function acceptSnapshot(
  published: PublishedMetadata | null,
  { snapshot }: Revision,
  root: Root,
  timestamp: Timestamp,
  now: Date,
): Snapshot {
  const entry = timestamp.meta['snapshot.json'];
  const previous = published?.snapshot.signed;
  if (!snapshot) {
    if (previous?.version !== entry.version) throw refuses('timestamp', 'it names a snapshot that does not exist');
    assertFresh('snapshot', previous, now);
    return previous;
  }
  assertDescribes('snapshot', entry, snapshot);
  const metadata = open(snapshot, 'snapshot', keysOfTopLevelRole(root, 'snapshot'), now) as SignedMetadata<Snapshot>;
  if (metadata.signed.version !== (previous?.version ?? 0) + 1)
    throw refuses('snapshot', 'its version does not follow');
  assertNothingDropped(previous?.meta ?? {}, metadata.signed.meta);
  return metadata.signed;
}

function acceptTargets(
  published: PublishedMetadata | null,
  { targetsRoles }: Revision,
  root: Root,
  snapshot: Snapshot,
  now: Date,
): Targets {
  const file = targetsRoles.find(({ role }) => role === TARGETS);
  const entry = snapshot.meta[metaFileName(TARGETS)];
  if (!entry) throw refuses('snapshot', 'it does not list targets');
  if (!file) {
    const previous = published?.targets.signed;
    if (previous?.version !== entry.version)
      throw refuses('snapshot', 'it names a targets version that does not exist');
    assertFresh('targets', previous, now);
    return previous;
  }
  assertNew(TARGETS, file, published);
  assertDescribes('targets', entry, file);
  return (open(file, 'targets', keysOfTopLevelRole(root, 'targets'), now) as SignedMetadata<Targets>).signed;
}

function acceptDelegatedRoles({ targetsRoles }: Revision, trusted: Trusted, now: Date): void {
  const { snapshot, targets } = trusted;
  for (const role of delegatedRoleNames(targets.delegations)) {
    if (!snapshot.meta[metaFileName(role)]) throw refuses('snapshot', `it does not list the delegated role ${role}`);
  }
  for (const file of targetsRoles.filter(({ role }) => role !== TARGETS)) acceptDelegatedRole(file, trusted, now);
}

function acceptDelegatedRole(file: MetadataFile<Targets>, { published, snapshot, targets }: Trusted, now: Date): void {
  const { role } = file;
  assertNew(role, file, published);
  const entry = snapshot.meta[metaFileName(role)];
  const keys = keysOfDelegatedRole(targets.delegations, role);
  if (!entry || !keys) throw refuses(role, 'nothing delegates to it, or snapshot does not list it');
  assertDescribes(role, entry, file);
  const { signed } = open(file, 'targets', keys, now) as SignedMetadata<Targets>;
  const stray = Object.keys(signed.targets).find((path) => roleForPath(targets.delegations, path) !== role);
  if (stray) throw refuses(role, `it lists ${stray}, which is not delegated to it`);
}

function open(file: MetadataFile, type: Signed['_type'], trusted: TrustedKeys, now: Date): SignedMetadata {
  const metadata = parseSignedMetadata(jsonOf(file), type, file.role);
  assertSigned(file.role, metadata, trusted);
  assertFresh(file.role, metadata.signed, now);
  return metadata;
}

function jsonOf({ bytes }: MetadataFile): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

function assertSigned(role: string, metadata: SignedMetadata, trusted: TrustedKeys): void {
  if (!thresholdMet(metadata, trusted)) {
    throw refuses(role, `it lacks valid signatures of ${trusted.threshold} of the keys trusted for it`);
  }
}

function assertFresh(role: string, signed: Signed, now: Date): void {
  if (isExpired(signed, now)) throw refuses(role, `it expired at ${signed.expires}`);
}

/** A version identifies one content for ever (specification 4.4), so what is published anew needs a version of its own. */
function assertNew(role: RoleName, { metadata }: MetadataFile, published: PublishedMetadata | null): void {
  const before = published?.snapshot.signed.meta[metaFileName(role)]?.version ?? 0;
  if (metadata.signed.version !== before + 1) throw refuses(role, 'its version does not follow');
}

function assertDescribes(role: string, entry: MetaFile, { metadata, bytes }: MetadataFile): void {
  if (entry.version !== metadata.signed.version) throw refuses(role, 'its referrer names another version');
  if (entry.length !== undefined && entry.length !== bytes.length)
    throw refuses(role, 'its referrer gives another length');
  if (entry.hashes && entry.hashes.sha256 !== sha256Hex(bytes)) throw refuses(role, 'its referrer gives another hash');
}

function assertNothingDropped(before: Snapshot['meta'], after: Snapshot['meta']): void {
  for (const [name, { version }] of Object.entries(before)) {
    const next = after[name];
    if (!next) throw refuses('snapshot', `it drops ${name}`);
    if (next.version < version) throw refuses('snapshot', `it takes ${name} back to version ${next.version}`);
  }
}

function refuses(role: string, reason: string): TufError {
  return new TufError('client-would-refuse', `a client would refuse ${role}: ${reason}`, role);
}
