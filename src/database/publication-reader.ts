import { allDone } from '../all-done.js';
import type { KeyUri, OnlineKey } from '../key-vaults/key-vault.js';
import { piecesOf } from '../pieces.js';
import type { RequestedChange } from '../tuf/change.js';
import type { KeyId, KeyScheme } from '../tuf/key.js';
import type { Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from '../tuf/metadata.js';
import { parseSnapshot } from '../tuf/parse-snapshot.js';
import { readTargets } from '../tuf/read-targets.js';
import type { PublishedMetadata } from '../tuf/repository-state.js';
import { metaFileName, ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from '../tuf/role-name.js';
import type { RepositorySettings } from '../tuf/settings.js';
import type { SigningEvent } from '../tuf/signing-event.js';
import type { SnapshotEntries } from '../tuf/snapshot-entries.js';
import type { Witnessed } from './publication-witness.js';
import { type StoredBytes, unpack, unpackMetadata } from './stored-bytes.js';
import type { Statements } from './transaction-statements.js';
import { IN_FORCE, versionLookUp } from './version-look-up.js';

/** Of changes in one revision; what is left over goes into the next one. */
const MAXIMUM_CHANGES = 5_000;
const MAXIMUM_RENEWALS = 512;
/** Of delegated roles in one statement: while it runs, what the one before brought is taken apart. */
const ROLES_AT_ONCE = 256;

export interface WaitingChange extends RequestedChange {
  /** Of the change as JSON. */
  readonly bytes: number;
}

export type PublishedTopLevel = Omit<PublishedMetadata, 'delegated' | 'listing'>;

/** Reads what a revision is made from, under the publisher's lock. */
export class PublicationReader {
  constructor(
    private readonly manager: Statements,
    private readonly repositoryId: number,
  ) {}

  /**
   * In order of arrival; imports are no changes themselves.
   * @param bytes of all but the last one, so that the first is taken however large it is.
   */
  waitingChanges(bytes: number, maximum = MAXIMUM_CHANGES): Promise<WaitingChange[]> {
    return this.manager.query(
      `select id, change, change_bytes as bytes from (
         select id, sequence, change, change_bytes, sum(change_bytes) over (order by sequence) as bytes_so_far
         from (select * from task where repository_id = $1 and state = 'waiting' and kind <> 'import-artifacts'
           order by sequence limit $2) first
       ) numbered where bytes_so_far - change_bytes <= $3 order by sequence`,
      [this.repositoryId, maximum, bytes],
    );
  }

  /** The top-level roles first, then those that expire soonest. */
  async dueRoles(now: Date): Promise<RoleName[]> {
    const rows: { name: RoleName }[] = await this.manager.query(
      // In a repository without statistics PostgreSQL would rather go through all of its roles than through what is due.
      `select name from role where (repository_id = $1) is true and renew_at <= $2
       order by name in ('targets', 'snapshot', 'timestamp') desc, expires_at limit $3`,
      [this.repositoryId, now, MAXIMUM_RENEWALS],
    );
    return rows.map(({ name }) => name);
  }

  async settings(): Promise<RepositorySettings> {
    const rows: { settings: RepositorySettings }[] = await this.manager.query(
      'select settings from repository where id = $1',
      [this.repositoryId],
    );
    const row = rows[0];
    if (!row) throw new Error(`there is no repository with id ${this.repositoryId}`);
    return row.settings;
  }

  /** The keys that the service signs with; they are few. */
  async onlineKeys(): Promise<OnlineKey[]> {
    const rows: { key_id: KeyId; uri: KeyUri; scheme: KeyScheme }[] = await this.manager.query(
      `select key_id, uri, key ->> 'scheme' as scheme from signing_key where uri is not null`,
    );
    return rows.map(({ key_id, uri, scheme }) => ({ keyId: key_id, uri, scheme }));
  }

  /** The number of the revision that comes next. */
  async nextRevision(): Promise<number> {
    const rows: { next: number }[] = await this.manager.query(
      'select coalesce(max(number), 0) + 1 as next from revision where repository_id = $1',
      [this.repositoryId],
    );
    return rows[0]?.next ?? 1;
  }

  openEvents(): Promise<SigningEvent[]> {
    return this.manager.query(
      `select id, role, state, metadata, signers, pending, consequences, reason from signing_event
       where repository_id = $1 and state = 'open' order by opened_at`,
      [this.repositoryId],
    );
  }

  /** The timestamp in force, which stands for all that is published; null until the first revision. */
  async timestampInForce(): Promise<Witnessed | null> {
    const rows: Witnessed[] = await this.manager.query(
      `select file.sha256, file.version, repository.name as repository, root.sha256 as "firstRoot" from role
       join repository on repository.id = role.repository_id
       cross join ${versionLookUp('root', 'root.sha256', ['role.repository_id', "'root'", '1'])}
       cross join ${versionLookUp('file', 'file.sha256, file.version', IN_FORCE)}
       where role.repository_id = $1 and role.name = 'timestamp'`,
      [this.repositoryId],
    );
    return rows[0] ?? null;
  }

  /**
   * Null until the first revision.
   * @param known what an earlier snapshot said.
   */
  async topLevelRoles(known?: SnapshotEntries): Promise<PublishedTopLevel | null> {
    const rows: StoredMetadata[] = await this.manager.query(
      `select role.name as role, file.* from role cross join ${versionLookUp('file', 'file.encoding, file.bytes', IN_FORCE)}
       where role.repository_id = $1 and role.name in ('root', 'targets', 'snapshot', 'timestamp')`,
      [this.repositoryId],
    );
    if (rows.length === 0) return null;
    const files = await metadataByRole(rows, known);
    return {
      root: required(files, ROOT) as SignedMetadata<Root>,
      targets: required(files, TARGETS) as SignedMetadata<Targets>,
      snapshot: required(files, SNAPSHOT) as SignedMetadata<Snapshot>,
      timestamp: required(files, TIMESTAMP) as SignedMetadata<Timestamp>,
    };
  }

  /** The delegated roles that delegate, in turn. */
  async delegatingRoles(): Promise<Map<RoleName, SignedMetadata<Targets>>> {
    const rows: StoredMetadata[] = await this.manager.query(
      `select role.name as role, file.* from role cross join ${versionLookUp('file', 'file.encoding, file.bytes', IN_FORCE)}
       where role.repository_id = $1 and role.delegates and role.name <> 'targets'`,
      [this.repositoryId],
    );
    return metadataByRole<Targets>(rows);
  }

  /** The roles that list artifacts whose paths start with `prefix`. */
  async rolesListing(prefix: string): Promise<RoleName[]> {
    // Half-open, so that the primary key's index serves it: U+10FFFF sorts after every path character.
    const rows: { role: RoleName }[] = await this.manager.query(
      'select distinct role from artifact where repository_id = $1 and path >= $2 and path < $3',
      [this.repositoryId, prefix, `${prefix}\u{10ffff}`],
    );
    return rows.map(({ role }) => role);
  }

  /** The versions of delegated roles that `snapshot` names. */
  async delegatedRoles(
    roles: ReadonlySet<RoleName>,
    snapshot: Snapshot,
  ): Promise<Map<RoleName, SignedMetadata<Targets>>> {
    const parts = await allDone(piecesOf(roles, ROLES_AT_ONCE).map((names) => this.rolesNamed(names, snapshot)));
    return new Map(parts.flatMap((part) => [...part]));
  }

  private async rolesNamed(
    names: readonly RoleName[],
    snapshot: Snapshot,
  ): Promise<Map<RoleName, SignedMetadata<Targets>>> {
    const rows: StoredMetadata[] = await this.manager.query(
      `select wanted.role, file.* from unnest($2::text[], $3::integer[]) as wanted (role, version)
       cross join ${versionLookUp('file', AS_TEXT, ['$1', 'wanted.role', 'wanted.version'])}`,
      [this.repositoryId, names, names.map((name) => snapshot.meta.get(metaFileName(name))?.version ?? 0)],
    );
    return metadataByRole<Targets>(rows);
  }
}

/** What is stored as it is comes as text, which the driver takes over: bytes it would have in hex, twice as long. */
const AS_TEXT = `file.encoding,
  case file.encoding when 'identity' then convert_from(file.bytes, 'UTF8') end as text,
  case file.encoding when 'identity' then null else file.bytes end as bytes`;

interface StoredMetadata extends StoredBytes {
  readonly role: RoleName;
  readonly text?: string | null;
}

async function metadataByRole<T extends Signed>(
  rows: readonly StoredMetadata[],
  known?: SnapshotEntries,
): Promise<Map<RoleName, SignedMetadata<T>>> {
  return new Map(await Promise.all(rows.map(async (row) => [row.role, await metadataIn<T>(row, known)] as const)));
}

async function metadataIn<T extends Signed>(row: StoredMetadata, known?: SnapshotEntries): Promise<SignedMetadata<T>> {
  if (row.role === ROOT || row.role === TIMESTAMP) return unpackMetadata<T>(row);
  const text = row.text ?? (await unpack(row)).toString('utf8');
  const metadata: SignedMetadata = row.role === SNAPSHOT ? parseSnapshot(text, known) : readTargets(text, row.role);
  return metadata as SignedMetadata<T>;
}

function required(files: ReadonlyMap<RoleName, SignedMetadata>, role: RoleName): SignedMetadata {
  const file = files.get(role);
  if (!file) throw new Error(`role ${role} has no published metadata, although others have`);
  return file;
}
