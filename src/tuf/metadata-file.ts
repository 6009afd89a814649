import { hash } from 'node:crypto';
import { encodeWith, type Payload, payloadOf } from './encode-metadata.js';
import {
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
  readonly payload: Payload;
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
  payload = payloadOf(metadata.signed),
): MetadataFile<T> {
  const { bytes, signed } = encodeWith(metadata, payload);
  return { role, metadata, payload: { text: payload.text, bytes: signed ?? payload.bytes }, bytes };
}

/** Every file of a revision, each after what it refers to (specification 6: referenced before referrer). */
export function filesInOrder({ root, targetsRoles, snapshot, timestamp }: Revision): MetadataFile[] {
  return [...(root ? [root] : []), ...targetsRoles, ...(snapshot ? [snapshot] : []), timestamp];
}

/** The name under which clients ask for a version (specification 6.2: consistent snapshots). */
export function fileName(role: RoleName, version: number): string {
  return role === TIMESTAMP ? 'timestamp.json' : `${version}.${role}.json`;
}

/** The bytes of a file are asked for their hash by whoever refers to it, checks it or stores it. */
export function sha256Hex(bytes: Uint8Array): string {
  const known = hashes.get(bytes);
  if (known) return known;
  const hex = hash('sha256', bytes);
  hashes.set(bytes, hex);
  return hex;
}

const hashes = new WeakMap<Uint8Array, string>();
