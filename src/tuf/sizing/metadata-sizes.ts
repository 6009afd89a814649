import type { ArtifactPath, TargetFile } from '../artifact.js';
import type { TrustedKeys } from '../delegation.js';
import { encodeMetadata } from '../encode-metadata.js';
import { formatExpiry } from '../expiry.js';
import { type Bins, binsDelegation, firstBin } from '../hash-bins.js';
import type { KeyId, PublicKey } from '../key.js';
import { type Root, type Signed, type SignedMetadata, type Snapshot, SPEC_VERSION, type Targets } from '../metadata.js';
import { metadataFile } from '../metadata-file.js';
import { metaFileName, SNAPSHOT, TARGETS } from '../role-name.js';
import { parseSettings } from '../settings.js';
import { nextSnapshot, nextTimestamp, snapshotEntry } from '../snapshot-and-timestamp.js';
import { SnapshotEntries } from '../snapshot-entries.js';

/** What an artifact looks like on average. */
export interface ArtifactShape {
  /** UTF-8. */
  readonly pathBytes: number;
  /** What `length` says. */
  readonly fileBytes: number;
  /** Whether sha512 stands beside sha256. */
  readonly sha512: boolean;
  /** Of `custom` as JSON; 0 where there is none. */
  readonly customBytes: number;
}

/** All that the sizes of a repository's metadata depend on; its keys are Ed25519. */
export interface RepositoryShape {
  readonly artifacts: number;
  readonly artifact: ArtifactShape;
  /** Null where targets lists the artifacts itself. */
  readonly bins: Bins | null;
  readonly rootKeys: number;
  /** Online keys that sign each other file. */
  readonly onlineKeys: number;
  readonly versions: VersionNumbers;
}

/** Version numbers take room, too. */
export interface VersionNumbers {
  readonly targets: number;
  readonly bins: number;
  readonly snapshot: number;
  readonly timestamp: number;
}

/** Bytes of the files that clients download, not compressed. */
export interface MetadataSizes {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly targets: number;
  /** Of a bin on average; null where there are none. */
  readonly bin: number | null;
  /** Of the bin that lists some artifact: larger than the average one, for that may list none. */
  readonly binOfArtifact: number | null;
}

/** Works the sizes out of samples that are made and encoded as everything is that is published. */
export function metadataSizes(shape: RepositoryShape): MetadataSizes {
  const { bins, versions, artifacts } = shape;
  const bin = bins && sizeOfListing(shape, artifacts / bins.count, versions.bins);
  const binOfArtifact = bins && sizeOfListing(shape, artifactsBeside(artifacts, bins), versions.bins);
  const targets = bins
    ? sizeOf(shape, { ...emptyTargets(versions.targets), delegations: delegationsTo(bins, shape.onlineKeys) })
    : sizeOfListing(shape, artifacts, versions.targets);
  const snapshot = sizeOfSnapshot(shape, targets, bin);
  const timestamp = sizeOfTimestamp(shape, snapshot);
  return { root: sizeOfRoot(shape), timestamp, snapshot, targets, bin, binOfArtifact };
}

/** What a role takes that lists so many artifacts. */
export function sizeOfListing(
  shape: Pick<RepositoryShape, 'artifact' | 'onlineKeys'>,
  artifacts: number,
  version: number,
): number {
  const commas = Math.min(artifacts, COMMA);
  return emptyRoleBytes(shape.onlineKeys, version) + artifacts * artifactEntryBytes(shape.artifact) - commas;
}

/** How many artifacts the bin lists that lists some artifact. */
export function artifactsBeside(artifacts: number, { count }: Bins): number {
  return 1 + Math.max(0, artifacts - 1) / count;
}

/** What snapshot takes that names targets and bins of these sizes. */
export function sizeOfSnapshot(
  { bins, versions, onlineKeys }: Pick<RepositoryShape, 'bins' | 'versions' | 'onlineKeys'>,
  targetsBytes: number,
  binBytes: number | null,
): number {
  const meta = SnapshotEntries.of({ [metaFileName(TARGETS)]: snapshotEntry(versions.targets, targetsBytes) });
  const size = sizeOf({ onlineKeys }, { ...someSnapshot(versions.snapshot), meta });
  if (!bins || binBytes === null) return size;
  const name = metaFileName(firstBin(TARGETS, bins.count));
  const entry = jsonBytes({ [name]: snapshotEntry(versions.bins, Math.round(binBytes)) }) - jsonBytes({});
  return size + bins.count * (entry + COMMA);
}

/** What one more artifact adds to the role that lists it, the comma included. */
export function artifactEntryBytes(shape: ArtifactShape): number {
  const empty = { signatures: [], signed: emptyTargets(1) };
  const path = 'p'.repeat(shape.pathBytes) as ArtifactPath;
  const listing = { signatures: [], signed: { ...emptyTargets(1), targets: { [path]: targetFile(shape) } } };
  return encodeMetadata(listing).length - encodeMetadata(empty).length + COMMA;
}

/** What a targets role takes that neither lists nor delegates anything. */
export function emptyRoleBytes(onlineKeys: number, version: number): number {
  return sizeOf({ onlineKeys }, emptyTargets(version));
}

const COMMA = 1;
/** Every date has the same length. */
const SOME_DATE = new Date(0);
const SMALLEST_CUSTOM = { c: 0 };

function sizeOfTimestamp(shape: RepositoryShape, snapshotBytes: number): number {
  const snapshot = metadataFile(SNAPSHOT, { signatures: [], signed: someSnapshot(shape.versions.snapshot) });
  const file = { ...snapshot, bytes: new Uint8Array(snapshotBytes) };
  const timestamp = nextTimestamp(null, file, SETTINGS, SOME_DATE);
  return sizeOf(shape, { ...timestamp, version: shape.versions.timestamp });
}

function someSnapshot(version: number): Snapshot {
  return { ...nextSnapshot(null, [], SETTINGS, SOME_DATE), version };
}

function sizeOfRoot({ rootKeys, onlineKeys }: RepositoryShape): number {
  const people = sampleKeys(rootKeys, 0);
  const online = sampleKeys(onlineKeys, rootKeys);
  const [root, others] = [people, online].map(({ keyids, threshold }) => ({ keyids, threshold }));
  const signed = {
    ...common(1),
    _type: 'root',
    consistent_snapshot: true,
    keys: { ...people.keys, ...online.keys },
    roles: { root, targets: others, snapshot: others, timestamp: others },
  } as Root;
  return encodeMetadata(withSignatures(signed, people.keyids)).length;
}

function sizeOf({ onlineKeys }: Pick<RepositoryShape, 'onlineKeys'>, signed: Signed): number {
  return encodeMetadata(withSignatures(signed, sampleKeys(onlineKeys, 0).keyids)).length;
}

const SETTINGS = parseSettings({});

function emptyTargets(version: number): Targets {
  return { ...common(version), _type: 'targets', targets: {} };
}

function common(version: number) {
  return { spec_version: SPEC_VERSION, version, expires: formatExpiry(SOME_DATE) };
}

function delegationsTo(bins: Bins, onlineKeys: number) {
  const { keys, keyids, threshold } = sampleKeys(onlineKeys, 0);
  return binsDelegation(TARGETS, bins, keys, { keyids, threshold });
}

function targetFile({ fileBytes, sha512, customBytes }: ArtifactShape): TargetFile {
  const hashes = { sha256: '0'.repeat(64), ...(sha512 && { sha512: '0'.repeat(128) }) };
  if (customBytes === 0) return { length: fileBytes, hashes };
  const filling = Math.max(0, customBytes - jsonBytes(SMALLEST_CUSTOM));
  return { length: fileBytes, hashes, custom: { ['c'.repeat(1 + filling)]: 0 } };
}

/** Hex digits in the place of keys and signatures: their content does not matter here. */
function sampleKeys(count: number, first: number): TrustedKeys {
  const hex = (number: number) => number.toString(16).padStart(64, '0');
  const keyids = Array.from({ length: count }, (_, index) => hex(first + index) as KeyId);
  const key = (keyid: string): PublicKey => ({ keytype: 'ed25519', scheme: 'ed25519', keyval: { public: keyid } });
  return { keys: Object.fromEntries(keyids.map((keyid) => [keyid, key(keyid)])), keyids, threshold: count };
}

function withSignatures(signed: Signed, keyids: readonly KeyId[]): SignedMetadata {
  return { signatures: keyids.map((keyid) => ({ keyid, sig: '0'.repeat(128) })), signed };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}
