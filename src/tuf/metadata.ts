import type { ArtifactPath, TargetFile } from './artifact.js';
import type { Key, KeyId } from './key.js';
import type { MetaFile } from './meta-file.js';
import type { PathPattern } from './path-pattern.js';
import type { RoleName } from './role-name.js';
import type { SnapshotEntries } from './snapshot-entries.js';
import type { TargetFiles } from './target-files.js';

export type { MetaFile };

/**
 * TUF metadata in the shape it has on the wire (specification 4.3 to 4.6), so that unknown fields are kept by
 * passing the object on. Values are never changed in place.
 */
export interface SignedMetadata<T extends Signed = Signed> {
  readonly signatures: readonly Signature[];
  readonly signed: T;
}

export interface Signature {
  readonly keyid: KeyId;
  /** Hex; empty where there is a bundle in its place. */
  readonly sig: string;
  /** What a Sigstore identity signed with, in JSON: certificate, signature, proof of the transparency log. */
  readonly bundle?: object;
}

export type Signed = Root | Targets | Snapshot | Timestamp;

interface Common {
  readonly spec_version: string;
  readonly version: number;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly expires: string;
}

export interface RoleKeys {
  readonly keyids: readonly KeyId[];
  readonly threshold: number;
}

export const TOP_LEVEL_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type TopLevelRole = (typeof TOP_LEVEL_ROLES)[number];

export interface Root extends Common {
  readonly _type: 'root';
  readonly consistent_snapshot: true;
  readonly keys: Readonly<Record<KeyId, Key>>;
  readonly roles: Readonly<Record<TopLevelRole, RoleKeys>>;
}

/** As it is on the wire or, where bins are worked on, as their text. */
export type ListedFiles = Readonly<Record<ArtifactPath, TargetFile>> | TargetFiles;

export interface Targets extends Common {
  readonly _type: 'targets';
  readonly targets: ListedFiles;
  readonly delegations?: Delegations;
}

export interface Delegations {
  readonly keys: Readonly<Record<KeyId, Key>>;
  readonly roles?: readonly DelegatedRole[];
  readonly succinct_roles?: SuccinctRoles;
}

/** Has `paths` or `path_hash_prefixes`, one of them (specification 4.5). */
export interface DelegatedRole extends RoleKeys {
  readonly name: RoleName;
  readonly terminating: boolean;
  readonly paths?: readonly PathPattern[];
  readonly path_hash_prefixes?: readonly string[];
}

/** TAP 15: 2^bit_length bins that share their keys. */
export interface SuccinctRoles extends RoleKeys {
  readonly bit_length: number;
  readonly name_prefix: string;
}

export interface Snapshot extends Common {
  readonly _type: 'snapshot';
  readonly meta: SnapshotEntries;
}

export interface Timestamp extends Common {
  readonly _type: 'timestamp';
  readonly meta: { readonly 'snapshot.json': MetaFile };
}

export const SPEC_VERSION = '1.0.34';
