import { expiryAfter } from './expiry.js';
import { type MetaFile, type Snapshot, SPEC_VERSION, type Targets, type Timestamp } from './metadata.js';
import { type MetadataFile, sha256Hex } from './metadata-file.js';
import { metaFileName } from './role-name.js';
import type { RepositorySettings } from './settings.js';
import { SnapshotEntries } from './snapshot-entries.js';

/** Clients stop reading a targets file of unknown length at 5,000,000 bytes; a larger one needs its length stated. */
const STATE_LENGTH_ABOVE_BYTES = 4_000_000;

/** The next snapshot: the published entries, none dropped, with the new versions in their place (specification 4.4). */
export function nextSnapshot(
  published: Snapshot | null,
  signedRoles: readonly MetadataFile<Targets>[],
  settings: RepositorySettings,
  now: Date,
): Snapshot {
  const signed = new Map(
    signedRoles.map(({ role, metadata, bytes }) => [
      metaFileName(role),
      snapshotEntry(metadata.signed.version, bytes.length),
    ]),
  );
  return {
    ...published,
    _type: 'snapshot',
    spec_version: SPEC_VERSION,
    version: (published?.version ?? 0) + 1,
    expires: expiryAfter(now, settings.lifetimes.snapshot),
    meta: (published?.meta ?? SnapshotEntries.NONE).with(signed),
  };
}

/**
 * The next timestamp; it gives the snapshot's length and hash, so that clients' size limits do not apply to it.
 * Without a new snapshot it goes on pointing at the published one.
 */
export function nextTimestamp(
  published: Timestamp | null,
  snapshot: MetadataFile<Snapshot> | null,
  settings: RepositorySettings,
  now: Date,
): Timestamp {
  const entry = snapshot ? timestampEntry(snapshot) : published?.meta['snapshot.json'];
  if (!entry) throw new Error('a first timestamp needs a snapshot');
  return {
    ...published,
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version: (published?.version ?? 0) + 1,
    expires: expiryAfter(now, settings.lifetimes.timestamp),
    meta: { 'snapshot.json': entry },
  };
}

/** What snapshot says of a file of so many bytes. */
export function snapshotEntry(version: number, bytes: number): MetaFile {
  return bytes > STATE_LENGTH_ABOVE_BYTES ? { version, length: bytes } : { version };
}

function timestampEntry({ metadata, bytes }: MetadataFile<Snapshot>): MetaFile {
  return { version: metadata.signed.version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } };
}
