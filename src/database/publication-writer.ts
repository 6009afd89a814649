import { allDone } from '../all-done.js';
import { pieceByPiece, piecesOf } from '../pieces.js';
import type { ArtifactEdit } from '../tuf/artifact-edits.js';
import type { Outcome } from '../tuf/change.js';
import { type Lifetime, renewalDate } from '../tuf/expiry.js';
import { type MetadataFile, type Revision, sha256Hex } from '../tuf/metadata-file.js';
import { type RoleName, SNAPSHOT } from '../tuf/role-name.js';
import { lifetimeOf, type RepositorySettings } from '../tuf/settings.js';
import type { SigningEvent } from '../tuf/signing-event.js';
import type { Compressible } from '../tuf/sizing/compression.js';
import type { RepositoryLifecycle } from './entities/repository.entity.js';
import type { SettledTask } from './settled-task.js';
import { insertSettlement } from './settlement-entries.js';
import { isStoredCompressed, type StoredBytes, storedAsItIs, storedCompressed } from './stored-bytes.js';
import { failedTaskEvent, publishedEvent, signingEventEvent, versionsOf } from './told-events.js';
import type { Statements } from './transaction-statements.js';
import type { NewWebhookEvent } from './webhook-event.js';
import type { WebhookOutbox } from './webhook-outbox.js';

const REMINDER_DELAY_MS = 86_400_000;
/** Of metadata in one statement. */
const STATEMENT_BYTES = 4_194_304;
/** In one statement; to write out more would keep the event loop. */
const STATEMENT_ARTIFACTS = 20_000;

/**
 * Writes everything that a revision changes; it becomes visible, whole, with the publisher's commit. Each method sends its
 * statements at once, as far as none needs the answer to another.
 */
export class PublicationWriter {
  /** Of the top-level roles in the revision. */
  private versions: Readonly<Record<string, number>> = {};

  constructor(
    private readonly manager: Statements,
    private readonly repositoryId: number,
    private readonly outbox: WebhookOutbox,
    /** Gets what has to be told once it is committed. */
    private readonly told: SettledTask[],
  ) {}

  /** The revision itself, before anything that belongs to it. */
  async numbered(number: number, now: Date): Promise<void> {
    await this.manager.query('insert into revision (repository_id, number, published_at) values ($1, $2, $3)', [
      this.repositoryId,
      number,
      now,
    ]);
  }

  async artifacts(edits: readonly ArtifactEdit[], revision: number): Promise<void> {
    await allDone([this.artifactsListed(edits, revision), this.artifactsRemoved(edits)]);
  }

  /** What clients see, after the revision of this number. What is compressed first goes as soon as that is done. */
  async metadata(
    { files, asTheyAre, compressed }: PackedRevision,
    retired: readonly RoleName[],
    settings: RepositorySettings,
    revision: number,
    now: Date,
  ): Promise<void> {
    this.versions = versionsOf(files);
    await allDone([
      this.metadataVersions(asTheyAre, revision, now),
      this.rolesInForce(files, settings, now),
      this.rolesRetired(retired),
      compressed.then((packed) => this.metadataVersions(packed, revision, now)),
    ]);
  }

  /** A change leaves `waiting` only here; the audit log and webhooks say so in the same commit. */
  async outcomes(outcomes: ReadonlyMap<string, Outcome>, revision: number | null, now: Date): Promise<void> {
    await allDone([this.tasks(outcomes, revision, now), this.settlement(outcomes, revision, now)]);
  }

  /** Has to go with {@link settlement}. */
  async tasks(outcomes: ReadonlyMap<string, Outcome>, revision: number | null, now: Date): Promise<void> {
    const settled = [...outcomes].map(([id, outcome]) => ({ id, outcome, state: outcome.state }));
    for (const task of settled) this.told.push({ ...task, revision, settledAt: now });
    const weightOf = ({ outcome }: { readonly outcome: Outcome }) => outcome.artifacts?.length ?? 1;
    await pieceByPiece(piecesOf(settled, STATEMENT_ARTIFACTS, weightOf), (piece) =>
      this.manager.query(
        // One look-up in the primary key for each: PostgreSQL expects that next to none waits, and would read all tasks for them.
        `update task set state = settled.state, outcome = settled.outcome, revision = $3, settled_at = $4
         from json_to_recordset($2) as settled (id uuid, outcome json, state text)
         cross join lateral (
           select id from task where id = settled.id and (repository_id = $1 and state = 'waiting') is true limit 1
         ) waiting
         where task.id = waiting.id`,
        [this.repositoryId, JSON.stringify(piece), revision, now],
      ),
    );
  }

  /** After the metadata of the revision, of which it tells. */
  async settlement(outcomes: ReadonlyMap<string, Outcome>, revision: number | null, now: Date): Promise<void> {
    const settled = [...outcomes].map(([id, outcome]) => ({ id, state: outcome.state }));
    const published = () => (revision === null ? [] : [publishedEvent(revision, this.versions, settled)]);
    const failed = () => [...outcomes].flatMap(([id, outcome]) => failedTaskEvent(id, outcome));
    await allDone([
      insertSettlement(this.manager, this.repositoryId, { settled, revision, now }),
      this.outbox.put(() => [...published(), ...failed()], now),
    ]);
  }

  async signingEvents(events: readonly SigningEvent[], settings: RepositorySettings, now: Date): Promise<void> {
    const told: NewWebhookEvent[] = [];
    for (const { id, role, state, metadata, signers, pending, consequences, reason } of events) {
      const rows: { is_new: boolean }[] = await this.manager.query(
        `insert into signing_event (id, repository_id, role, version, state, metadata, signers, pending, consequences, reason,
           opened_at, closed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case when $5 <> 'open' then $11::timestamptz end)
         on conflict (id) do update set state = excluded.state, metadata = excluded.metadata, signers = excluded.signers,
           pending = excluded.pending, consequences = excluded.consequences, reason = excluded.reason, closed_at = excluded.closed_at
         returning xmax = 0 as is_new`,
        [
          id,
          this.repositoryId,
          role,
          metadata.signed.version,
          state,
          JSON.stringify(metadata),
          signers && JSON.stringify(signers),
          pending && JSON.stringify(pending),
          consequences && JSON.stringify(consequences),
          reason,
          now,
        ],
      );
      told.push(...signingEventEvent(id, role, metadata.signed.version, state, rows[0]?.is_new === true));
    }
    await this.outbox.put(() => told, now);
    await this.nextReminders(events, settings, now);
  }

  async settings(settings: RepositorySettings): Promise<void> {
    await this.manager.query('update repository set settings = $2 where id = $1', [
      this.repositoryId,
      JSON.stringify(settings),
    ]);
  }

  async lifecycle(state: RepositoryLifecycle): Promise<void> {
    await this.manager.query('update repository set state = $2 where id = $1 and state <> $2', [
      this.repositoryId,
      state,
    ]);
  }

  // The top level goes with the first statement: what tells of it follows. There may be hundreds of megabytes.
  private metadataVersions(files: readonly PackedFile[], revision: number, now: Date): Promise<void> {
    const pieces = piecesOf(files, STATEMENT_BYTES, ({ stored }) => stored.bytes.length);
    return pieceByPiece(pieces, (piece) => this.insertVersions(piece, revision, now));
  }

  // No "on conflict": a version that exists already means a second publisher, and this one must not commit.
  // All bytes are one parameter, which the driver sends as it is; an array of them it would spell out in hex.
  private async insertVersions(packed: readonly PackedFile[], revision: number, now: Date): Promise<void> {
    await this.manager.query(
      `insert into metadata_version (repository_id, revision, created_at, role, version, encoding, bytes, sha256, expires_at)
       select $1, $2, $3, role, version, encoding,
         substr($4::bytea, 1 + (sum(size) over (order by position) - size)::integer, size), sha256, expires_at
       from unnest($5::text[], $6::integer[], $7::text[], $8::integer[], $9::text[], $10::timestamptz[])
         with ordinality as file (role, version, encoding, size, sha256, expires_at, position)`,
      [
        this.repositoryId,
        revision,
        now,
        Buffer.concat(packed.map(({ stored }) => stored.bytes)),
        packed.map(({ role }) => role),
        packed.map(({ metadata }) => metadata.signed.version),
        packed.map(({ stored }) => stored.encoding),
        packed.map(({ stored }) => stored.bytes.length),
        packed.map(({ bytes }) => sha256Hex(bytes)),
        packed.map(({ metadata }) => metadata.signed.expires),
      ],
    );
  }

  // The fence where an old version is pruned and its number would be free: no role goes back. Timestamp is in every revision.
  private async rolesInForce(files: readonly MetadataFile[], settings: RepositorySettings, now: Date): Promise<void> {
    const rows: { count: number }[] = await this.manager.query(
      `with gone_on as (
         insert into role (repository_id, name, version, expires_at, renew_at, delegates, bytes)
         select $1, * from unnest($2::text[], $3::integer[], $4::timestamptz[], $5::timestamptz[], $6::boolean[], $7::integer[])
         on conflict (repository_id, name) do update
           set version = excluded.version, expires_at = excluded.expires_at, renew_at = excluded.renew_at,
             delegates = excluded.delegates, bytes = excluded.bytes
           where role.version < excluded.version
         returning 1
       ) select count(*)::integer as count from gone_on`,
      [
        this.repositoryId,
        files.map(({ role }) => role),
        files.map(({ metadata }) => metadata.signed.version),
        files.map(({ metadata }) => metadata.signed.expires),
        files.map(({ role, metadata }) => renewAt(metadata.signed.expires, lifetimeOf(settings, role), now)),
        files.map(({ metadata: { signed } }) => 'delegations' in signed && signed.delegations !== undefined),
        files.map(({ bytes }) => bytes.length),
      ],
    );
    if (rows[0]?.count !== files.length) throw new Error('a later revision is published already; this one is void');
  }

  private async rolesRetired(roles: readonly RoleName[]): Promise<void> {
    if (roles.length === 0) return;
    await this.manager.query('delete from role where repository_id = $1 and name = any($2::text[])', [
      this.repositoryId,
      roles,
    ]);
  }

  /**
   * A role whose next version waits for signatures is due again when that version has expired; one whose event was
   * withdrawn, after a day at the earliest.
   */
  private async nextReminders(events: readonly SigningEvent[], settings: RepositorySettings, now: Date): Promise<void> {
    const open = new Set(events.filter(({ state }) => state === 'open').map(({ role }) => role));
    for (const { role, state, metadata } of events) {
      const lifetime = lifetimeOf(settings, role);
      if (state === 'open') {
        await this.manager.query('update role set renew_at = $3 where repository_id = $1 and name = $2', [
          this.repositoryId,
          role,
          metadata.signed.expires,
        ]);
      } else if (state !== 'completed' && !open.has(role)) {
        await this.manager.query(
          `update role set renew_at = greatest(expires_at - make_interval(secs => $3), $4::timestamptz)
           where repository_id = $1 and name = $2`,
          [this.repositoryId, role, lifetime.renewalWindow, new Date(now.getTime() + REMINDER_DELAY_MS)],
        );
      }
    }
  }

  private artifactsListed(edits: readonly ArtifactEdit[], revision: number): Promise<void> {
    const listed = edits.filter(({ after }) => after !== null);
    return pieceByPiece(piecesOf(listed, STATEMENT_ARTIFACTS), (piece) => this.insertArtifacts(piece, revision));
  }

  private async insertArtifacts(edits: readonly ArtifactEdit[], revision: number): Promise<void> {
    const listed = edits.map(({ path, role, after }) => ({ path, role, ...after }));
    await this.manager.query(
      // In the order of the primary key, for its sake. A row that was there has been locked for its update, which xmax shows.
      `with listed as (
         insert into artifact (repository_id, revision, path, role, length, hashes, custom)
         select $1, $2, path, role, length, hashes, custom
         from json_to_recordset($3) as listed (path text, role text, length bigint, hashes json, custom json)
         order by path collate "C"
         on conflict (repository_id, path) do update set revision = excluded.revision, role = excluded.role,
           length = excluded.length, hashes = excluded.hashes, custom = excluded.custom
         returning xmax = 0 as is_new
       )
       insert into artifact_count (repository_id, artifacts) select $1, count(*) from listed where is_new
       on conflict (repository_id) do update set artifacts = artifact_count.artifacts + excluded.artifacts`,
      [this.repositoryId, revision, JSON.stringify(listed)],
    );
  }

  private async artifactsRemoved(edits: readonly ArtifactEdit[]): Promise<void> {
    const removed = edits.filter(({ after }) => after === null).map(({ path }) => path);
    if (removed.length === 0) return;
    await this.manager.query(
      `with removed as (delete from artifact where repository_id = $1 and path = any($2::text[]) returning path)
       update artifact_count set artifacts = artifacts - (select count(*) from removed) where repository_id = $1`,
      [this.repositoryId, removed],
    );
  }
}

/** A file as it is stored. */
interface PackedFile extends MetadataFile {
  readonly stored: StoredBytes;
}

/** The files of a revision, the top level first. */
export interface PackedRevision {
  readonly files: readonly MetadataFile[];
  readonly asTheyAre: readonly PackedFile[];
  /** Those that are worth it, as soon as threads have compressed them. */
  readonly compressed: Promise<readonly PackedFile[]>;
}

export function packRevision({ root, targetsRoles, snapshot, timestamp }: Revision): PackedRevision {
  const files = [timestamp, ...(snapshot ? [snapshot] : []), ...(root ? [root] : []), ...targetsRoles];
  const asTheyAre: PackedFile[] = [];
  const compressed: Promise<PackedFile>[] = [];
  for (const file of files) {
    if (isStoredCompressed(file.bytes, kindOf(file))) compressed.push(compressedFile(file));
    else asTheyAre.push({ ...file, stored: storedAsItIs(file.bytes) });
  }
  return { files, asTheyAre, compressed: Promise.all(compressed) };
}

async function compressedFile(file: MetadataFile): Promise<PackedFile> {
  return { ...file, stored: await storedCompressed(file.bytes) };
}

function kindOf({ role, metadata: { signed } }: MetadataFile): Compressible {
  if (role === SNAPSHOT) return 'snapshot';
  return 'targets' in signed ? 'listing' : 'other';
}

/** People may sign for less time than the renewal window is long: then what is left counts. */
function renewAt(expires: string, lifetime: Lifetime, now: Date): Date {
  const date = renewalDate(expires, lifetime);
  return date > now ? date : new Date(now.getTime() + (new Date(expires).getTime() - now.getTime()) * 0.75);
}
