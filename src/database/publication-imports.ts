import type { Artifact, ArtifactPath, TargetFile } from '../tuf/artifact.js';
import type { ArtifactResult, Outcome, Refusal, RequestedChange } from '../tuf/change.js';
import { type ImportedLines, importOutcome } from './import-outcome.js';
import { pathOrder } from './path-order.js';
import { insertImportSettlement } from './settlement-entries.js';
import { failedTaskEvent } from './told-events.js';
import type { Statements } from './transaction-statements.js';
import type { WebhookOutbox } from './webhook-outbox.js';

/** A receiver that was not heard of for this long is gone. */
const SILENCE_SECONDS = 15;
/** Of the descriptions of the artifacts of one slice. */
const MAXIMUM_SLICE_BYTES = 16 * 1_048_576;

/** The next entries of an import, as a change of their own. */
export interface ImportSlice {
  /** Named like the task of the import, which it does not settle. */
  readonly change: RequestedChange & { readonly change: { readonly kind: 'add-artifacts' } };
  /** How many artifacts the change adds. */
  readonly size: number;
  readonly importId: number;
  /** The number of the line of each artifact. */
  readonly lines: readonly string[];
  readonly repeated: number;
  readonly overtaken: number;
  /** The place in the order of entries after which it begins, and the one that it reaches to. */
  readonly from: string;
  readonly to: string;
  /** Whether there are open imports that were asked for before this one. */
  readonly overtakesOthers: boolean;
}

/** The imports of a repository as its publisher reads and writes them, in its transaction. */
export class PublicationImports {
  constructor(
    private readonly manager: Statements,
    private readonly repositoryId: number,
    private readonly outbox: WebhookOutbox,
  ) {}

  /**
   * The next slice of the first import that has arrived whole, or broke off; null where there is none.
   * @param open those that are not settled, in the order in which they were asked for.
   * @param maximum how many entries; 0 for none
   * @param asked what is published together with it: what was asked after an import comes before its lines.
   */
  async nextSlice(
    open: readonly OpenImport[],
    maximum: number,
    asked: readonly RequestedChange[],
  ): Promise<ImportSlice | null> {
    if (open.length === 0) return null;
    await this.overtake(pathsOf(asked));
    const place = open.findIndex(({ state, silent }) => state === 'publishing' || silent);
    const ready = open[place];
    if (!ready || maximum === 0) return null;
    if (ready.state === 'receiving' && !(await this.closeSilent(ready.id))) return null;
    return { ...(await this.slice(ready, maximum)), overtakesOthers: place > 0 };
  }

  /** Writes what became of a slice; with the last one, its task is settled. */
  async settleSlice(slice: ImportSlice, outcome: Outcome, revision: number | null, now: Date): Promise<void> {
    const { importId, change, to, overtakesOthers } = slice;
    const refused = await this.refuse(slice, outcome);
    if (overtakesOthers)
      await this.overtake([{ id: change.id, paths: change.change.artifacts.map(({ path }) => path) }]);
    await this.deleteEntries(slice);
    await this.count(slice, outcome, refused, revision);
    if (!(await this.hasEntriesAfter(importId, to))) await this.settle(importId, now);
  }

  // From where it begins: before that there are only remains of others, which take time to walk over.
  private async deleteEntries({ importId, from, to }: ImportSlice): Promise<void> {
    await this.manager.query('delete from import_entry where import_id = $1 and path_order > $2 and path_order <= $3', [
      importId,
      from,
      to,
    ]);
  }

  private async hasEntriesAfter(importId: number, place: string): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      'select 1 from import_entry where import_id = $1 and path_order > $2 order by path_order limit 1',
      [importId, place],
    );
    return rows.length > 0;
  }

  openImports(): Promise<OpenImport[]> {
    return this.manager.query(
      `select open.id, open.task_id, open.state, open.published_to,
         open.heard_at < clock_timestamp() - make_interval(secs => $2) as silent
       from artifact_import open join task on task.id = open.task_id
       where open.repository_id = $1 and open.state <> 'settled' order by task.sequence`,
      [this.repositoryId, SILENCE_SECONDS],
    );
  }

  /** Its receiver may have been heard of just now: then it stays open. */
  private async closeSilent(importId: number): Promise<boolean> {
    const [, closed]: [unknown, number] = await this.manager.query(
      `update artifact_import set state = 'publishing', interruption = 'the process that received it is gone'
       where id = $1 and state = 'receiving' and heard_at < clock_timestamp() - make_interval(secs => $2)`,
      [importId, SILENCE_SECONDS],
    );
    return closed > 0;
  }

  private async slice({ id, task_id, published_to }: OpenImport, maximum: number) {
    const to = await this.sliceEnd(id, published_to, maximum);
    const rows: SliceRow[] = await this.manager.query(
      `select distinct on (entry.path_order, entry.path) entry.line, entry.path, entry.file, overtaken.path is not null as overtaken,
         count(*) over (partition by entry.path_order, entry.path) as times
       from import_entry entry
       left join import_overtaken overtaken on overtaken.import_id = entry.import_id
         and overtaken.path_order = entry.path_order and overtaken.path = entry.path
       where entry.import_id = $1 and entry.path_order > $2 and entry.path_order <= $3
       order by entry.path_order, entry.path, entry.line desc`,
      [id, published_to, to],
    );
    const current = rows.filter(({ overtaken }) => !overtaken);
    const artifacts = current.map(({ path, file }): Artifact => ({ path, ...file }));
    return {
      change: { id: task_id, change: { kind: 'add-artifacts' as const, artifacts } },
      size: artifacts.length,
      importId: id,
      lines: current.map(({ line }) => line),
      repeated: rows.reduce((sum, { times }) => sum + Number(times) - 1, 0),
      overtaken: rows.length - current.length,
      from: published_to,
      to,
    };
  }

  /** Never between lines for one path. */
  private async sliceEnd(importId: number, after: string, maximum: number): Promise<string> {
    const rows: { to: string | null }[] = await this.manager.query(
      `select max(path_order) as to from (
         select path_order, bytes, sum(bytes) over (order by path_order, line) as bytes_so_far from (
           select path_order, line, octet_length(file::text) as bytes from import_entry
           where import_id = $1 and path_order > $2 order by path_order, line limit $3
         ) next
       ) measured where bytes_so_far - bytes < $4`,
      [importId, after, maximum, MAXIMUM_SLICE_BYTES],
    );
    return rows[0]?.to ?? after;
  }

  /** Remembers which lines of earlier imports are older than what is asked here. */
  private async overtake(asked: readonly AskedPaths[]): Promise<void> {
    const paths = asked.flatMap(({ id, paths }) => paths.map((path) => ({ id, path, order: pathOrder(path) })));
    if (paths.length === 0) return;
    await this.manager.query(
      `insert into import_overtaken (import_id, path_order, path)
       select open.id, asked.path_order, asked.path
       from artifact_import open join task on task.id = open.task_id
       join unnest($2::uuid[], $3::bigint[], $4::text[]) as asked (task_id, path_order, path) on true
       join task later on later.id = asked.task_id and later.sequence > task.sequence
       where open.repository_id = $1 and open.state <> 'settled' and asked.path_order > open.published_to
       on conflict do nothing`,
      [this.repositoryId, paths.map(({ id }) => id), paths.map(({ order }) => order), paths.map(({ path }) => path)],
    );
  }

  /** @returns how many. */
  private async refuse({ importId, lines, change }: ImportSlice, outcome: Outcome): Promise<number> {
    const { artifacts } = change.change;
    const refused = artifacts.flatMap(({ path }, index) => {
      const refusal = refusalOf(outcome, outcome.artifacts?.[index]);
      return refusal ? [{ path, line: lines[index], ...refusal }] : [];
    });
    if (refused.length === 0) return 0;
    await this.manager.query(
      `insert into import_refusal (import_id, line, path, code, detail)
       select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[])`,
      [
        importId,
        refused.map(({ line }) => line),
        refused.map(({ path }) => path),
        refused.map(({ code }) => code),
        refused.map(({ detail }) => detail),
      ],
    );
    return refused.length;
  }

  private async count(
    { importId, repeated, overtaken, to }: ImportSlice,
    outcome: Outcome,
    refused: number,
    revision: number | null,
  ): Promise<void> {
    const results = (outcome.artifacts ?? []).filter(({ result }) => result !== 'refused');
    const times = (wanted: ArtifactResult['result']) => results.filter(({ result }) => result === wanted).length;
    const { signingEvent, missingSignatures, otherSigningEvents } = outcome;
    const awaited = signingEvent === undefined ? null : { signingEvent, missingSignatures, otherSigningEvents };
    await this.manager.query(
      `update artifact_import set accepted = accepted - $2, refused = refused + $2, published = published + $3,
         added = added + $4, replaced = replaced + $5, unchanged = unchanged + $6,
         awaiting_signatures = awaiting_signatures + $7, repeated = repeated + $8, overtaken = overtaken + $9,
         published_to = $10, revision = coalesce($11, revision), awaited = coalesce($12, awaited)
       where id = $1`,
      [
        importId,
        refused,
        results.length + repeated + overtaken,
        times('added'),
        times('replaced'),
        times('unchanged'),
        times('awaiting-signatures'),
        repeated,
        overtaken,
        to,
        revision,
        awaited && JSON.stringify(awaited),
      ],
    );
  }

  private async settle(importId: number, now: Date): Promise<void> {
    const [rows]: [SettledRow[], number] = await this.manager.query(
      `update artifact_import set state = 'settled' where id = $1
       returning task_id, interruption, lines_read, accepted, refused, revision, awaited, added, replaced, unchanged,
         awaiting_signatures as "awaitingSignatures", repeated, overtaken`,
      [importId],
    );
    const settled = rows[0];
    if (!settled) throw new Error(`import ${importId} is not there`);
    await this.manager.query('delete from import_overtaken where import_id = $1', [importId]);
    const { task_id, interruption, revision, awaited } = settled;
    const outcome = importOutcome({
      interruption,
      linesRead: Number(settled.lines_read),
      accepted: Number(settled.accepted),
      refused: Number(settled.refused),
      awaited,
      lines: linesOf(settled),
    });
    await this.manager.query(
      `update task set state = $2, outcome = $3, revision = $4, settled_at = $5 where id = $1 and state = 'waiting'`,
      [task_id, outcome.state, JSON.stringify(outcome), revision, now],
    );
    const { state } = outcome;
    const lines = linesOf(settled);
    await this.outbox.put(() => failedTaskEvent(task_id, outcome), now);
    await insertImportSettlement(this.manager, this.repositoryId, { task: task_id, state, lines, revision }, now);
  }
}

export interface OpenImport {
  readonly id: number;
  readonly task_id: string;
  readonly state: 'receiving' | 'publishing';
  readonly published_to: string;
  readonly silent: boolean;
}

interface SliceRow {
  readonly line: string;
  readonly path: ArtifactPath;
  readonly file: TargetFile;
  readonly overtaken: boolean;
  readonly times: string;
}

type SettledRow = Record<keyof ImportedLines, string> & {
  readonly task_id: string;
  readonly interruption: string | null;
  readonly lines_read: string;
  readonly accepted: string;
  readonly refused: string;
  readonly revision: number | null;
  readonly awaited: Pick<Outcome, 'signingEvent' | 'missingSignatures' | 'otherSigningEvents'> | null;
};

interface AskedPaths {
  readonly id: string;
  readonly paths: readonly string[];
}

function pathsOf(asked: readonly RequestedChange[]): AskedPaths[] {
  return asked.flatMap(({ id, change }) => {
    if (change.kind === 'add-artifacts') return [{ id, paths: change.artifacts.map(({ path }) => path) }];
    return change.kind === 'remove-artifacts' ? [{ id, paths: change.paths }] : [];
  });
}

function refusalOf({ refusal }: Outcome, result: ArtifactResult | undefined): Refusal | null {
  if (result?.result === 'refused') return { code: result.code, detail: result.detail };
  return refusal ?? null;
}

function linesOf(row: SettledRow): ImportedLines {
  return {
    added: Number(row.added),
    replaced: Number(row.replaced),
    unchanged: Number(row.unchanged),
    awaitingSignatures: Number(row.awaitingSignatures),
    repeated: Number(row.repeated),
    overtaken: Number(row.overtaken),
  };
}
