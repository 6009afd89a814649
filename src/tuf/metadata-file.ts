import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import {
  encodeMetadata,
  type Root,
  type Signed,
  type SignedMetadata,
  type Snapshot,
  type Targets,
  type Timestamp,
} from './metadata.js';
import { type RoleName, TIMESTAMP } from './role-name.js';

/** One version of a role's metadata with the bytes that clients download. */
export interface MetadataFile<T extends Signed = Signed> {
  readonly role: RoleName;
  readonly metadata: SignedMetadata<T>;
  readonly bytes: Uint8Array;
  /** What the signatures are over. */
  readonly canonical: string;
}

/** New metadata versions that become visible together. */
export interface Revision {
  readonly root: MetadataFile<Root> | null;
  /** Delegated roles before targets. */
  readonly targetsRoles: readonly MetadataFile<Targets>[];
  readonly snapshot: MetadataFile<Snapshot> | null;
  readonly timestamp: MetadataFile<Timestamp>;
}

export function metadataFile<T extends Signed>(
  role: RoleName,
  metadata: SignedMetadata<T>,
  canonical = canonicalJson(metadata.signed),
): MetadataFile<T> {
  return { role, metadata, canonical, bytes: encodeMetadata(metadata, canonical) };
}

/** Every file of a revision, each after what it refers to (specification 6: referenced before referrer). */
export function filesInOrder({ root, targetsRoles, snapshot, timestamp }: Revision): MetadataFile[] {
  return [...(root ? [root] : []), ...targetsRoles, ...(snapshot ? [snapshot] : []), timestamp];
}

/** The name under which clients ask for a version (specification 6.2: consistent snapshots). */
export function fileName(role: RoleName, version: number): string {
  return role === TIMESTAMP ? 'timestamp.json' : `${version}.${role}.json`;
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
