import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditTarget } from '../audit-chain/audit-entry.js';
import { piecesOf } from '../pieces.js';
import type { Outcome } from '../tuf/change.js';
import type { ImportedLines } from './artifact-import.js';
import type { Statements } from './transaction-statements.js';
import { versionLookUp } from './version-look-up.js';

export interface Settlement {
  readonly settled: readonly { readonly id: string; readonly state: Outcome['state'] }[];
  /** Null where nothing new became visible. */
  readonly revision: number | null;
  readonly now: Date;
}

interface Entry {
  readonly id: string;
  readonly action: AuditAction;
  readonly target: AuditTarget;
}

/** So many tasks in one entry: what reads entries by the page gets no huge ones. */
const TASKS_IN_ENTRY = 250;

/** Writes what became of tasks, and which versions clients see from this commit on. */
export async function insertSettlement(
  manager: Statements,
  repositoryId: number,
  { settled, revision, now }: Settlement,
): Promise<void> {
  await insert(manager, repositoryId, entriesOf(settled, revision !== null), revision, now);
}

export interface SettledImport {
  readonly task: string;
  readonly state: Outcome['state'];
  readonly lines: ImportedLines;
  /** The last one that its lines went into. */
  readonly revision: number | null;
}

/** Writes what became of an import, whose lines the entries of several revisions tell of. */
export async function insertImportSettlement(
  manager: Statements,
  repositoryId: number,
  { task, state, lines, revision }: SettledImport,
  now: Date,
): Promise<void> {
  const target = { tasks: [{ task, state }], lines: { ...lines } };
  await insert(manager, repositoryId, [{ id: randomUUID(), action: 'settle-tasks', target }], revision, now);
}

async function insert(
  manager: Statements,
  repositoryId: number,
  entries: readonly Entry[],
  revision: number | null,
  now: Date,
): Promise<void> {
  if (entries.length > 0) await manager.query(INSERT, [repositoryId, revision, now, JSON.stringify(entries)]);
}

function entriesOf(settled: Settlement['settled'], isPublished: boolean): Entry[] {
  const pieces = piecesOf(settled, TASKS_IN_ENTRY);
  if (!isPublished) return pieces.map((tasks) => entryOf('settle-tasks', tasks));
  const [first = [], ...others] = pieces;
  return [entryOf('publish-revision', first), ...others.map((tasks) => entryOf('settle-tasks', tasks))];
}

function entryOf(action: AuditAction, settled: Settlement['settled']): Entry {
  return { id: randomUUID(), action, target: { tasks: settled.map(({ id, state }) => ({ task: id, state })) } };
}

// The revision's files are written by now. Versions have no gaps, so the one before is the one that clients saw.
const INSERT = `
  with file as (
    select file.role, file.version, file.sha256, earlier.version as earlier_version, earlier.sha256 as earlier_sha256
    from metadata_version file
    left join ${versionLookUp('earlier', 'earlier.version, earlier.sha256', ['file.repository_id', 'file.role', 'file.version - 1'])}
      on true
    where file.repository_id = $1 and file.revision = $2 and file.role in ('root', 'snapshot', 'timestamp')
  ), digests as (
    select json_object_agg(role, json_build_object('version', version, 'sha256', sha256)) as after,
      json_object_agg(role, json_build_object('version', earlier_version, 'sha256', earlier_sha256))
        filter (where earlier_version is not null) as before
    from file
  ), entry as (
    insert into audit_entry (id, at, repository, action, target, revision, before, after)
    select settlement.id, $3::timestamptz, (select name from repository where id = $1), action, target, $2::integer,
      case when action = 'publish-revision' then digests.before end,
      case when action = 'publish-revision' then digests.after end
    from json_to_recordset($4) as settlement (id uuid, action text, target json), digests
    returning sequence
  )
  insert into audit_unlinked select sequence from entry`;
