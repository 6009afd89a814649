import colors from 'picocolors';
import type { PlanAssumptions } from '../../tuf/sizing/plan-assumptions.js';
import type { PlanRow } from '../../tuf/sizing/plan-row.js';
import type { RepositoryPlan } from '../../tuf/sizing/repository-plan.js';
import { describeBytes } from '../bytes.js';
import { inList } from '../events/event-text.js';
import { capitalised, counted, describeSeconds } from '../moment.js';
import { type Cell, table } from '../table.js';

export function describePlan(assumptions: PlanAssumptions, plan: RepositoryPlan): string {
  const warnings = describeWarnings(plan.rows);
  return [
    describeAssumptions(assumptions),
    planTable(plan),
    describeRecommendation(plan),
    ...(warnings.length > 0 ? [inList('Limits of clients:', warnings)] : []),
    describeColumns(assumptions),
  ].join('\n\n');
}

function describeAssumptions(assumptions: PlanAssumptions): string {
  const { artifact, lifetimes, readBy, firstUpdates } = assumptions;
  const hashes = artifact.sha512 ? 'sha256 and sha512' : 'sha256';
  const custom = artifact.customBytes > 0 ? `, custom of ${artifact.customBytes} bytes` : '';
  const first = firstUpdates > 0 ? `; ${round(firstUpdates * 100)} % of updates start with nothing` : '';
  const valid = (['timestamp', 'snapshot', 'bins', 'targets'] as const).map(
    (role) => `${role} ${describeSeconds(lifetimes[role].expiry)}`,
  );
  return [
    `${counted(assumptions.artifacts, 'artifact')} with ${hashes}${custom}, paths of ${counted(artifact.pathBytes, 'byte')}; ${figure(assumptions.changesPerDay)} change a day, ${figure(assumptions.changesPerPublish)} at once.`,
    `${counted(assumptions.clients, 'client')}, each ${counted(assumptions.updatesPerDay, 'update')} a day for ${counted(assumptions.artifactsPerUpdate, 'artifact')}${first}.`,
    `Read by ${readBy.map(({ name }) => name).join(', ')}. Valid for: ${valid.join(', ')}.`,
  ].join('\n');
}

function planTable({ rows, recommended }: RepositoryPlan): string {
  return table(
    [
      'Bins',
      'Bin',
      'Snapshot',
      'First update',
      'Update',
      'Per publish',
      'Renewal signatures/day',
      'Egress/day',
      'Stored/day',
      '',
    ],
    rows.map((row) => [...cells(row), mark(row, recommended?.bins)]),
  );
}

function cells({ bins, files, download, bytesPerPublish, perDay }: PlanRow): Cell[] {
  const figures = [
    files.bin === null ? '-' : describeBytes(files.bin),
    describeBytes(files.snapshot),
    describeBytes(download.first),
    describeBytes(download.returning),
    describeBytes(bytesPerPublish),
    figure(perDay.renewalSignatures),
    describeBytes(perDay.egress),
    describeBytes(perDay.stored),
  ];
  return [bins === 0 ? 'none' : bins.toLocaleString('en-US'), ...figures].map((text) => ({ figure: text }));
}

function mark({ bins, warnings }: PlanRow, recommended: number | undefined): string {
  if (bins === recommended) return colors.green('recommended');
  return warnings.length > 0 ? colors.yellow('see below') : '';
}

function describeRecommendation({ rows, recommended }: RepositoryPlan): string {
  const best = rows.find(({ bins }) => bins === recommended?.bins);
  if (!recommended || !best) return colors.yellow('No number of bins suits all of these clients.');
  const average = describeBytes(best.download.average);
  const but = recommended.butFor
    ? ` ${capitalised(binsOf(recommended.butFor))} would be ${describeBytes(recommended.butFor.download.average)}, but for the limits below.`
    : '';
  return `${colors.bold('Recommended')}: ${binsOf(best)}. With it clients download least, ${average} for an update on average: ${partsOf(best)}.${but}`;
}

function binsOf({ bins }: PlanRow): string {
  return bins === 0 ? 'no bins' : counted(bins, 'bin');
}

function partsOf({ files }: PlanRow): string {
  const parts = files.bin === null ? `targets ${describeBytes(files.targets)}` : `a bin ${describeBytes(files.bin)}`;
  return `snapshot ${describeBytes(files.snapshot)}, ${parts}`;
}

/** One line for each limit and the rows, one after the other, that cross it. */
function describeWarnings(rows: readonly PlanRow[]): string[] {
  const runs: { readonly limit: string; readonly detail: string; readonly first: number; last: number }[] = [];
  rows.forEach(({ warnings }, row) => {
    for (const { code, clients, detail } of warnings) {
      const limit = `${code} ${clients.join(' ')}`;
      const run = runs.find((one) => one.limit === limit && one.last === row - 1);
      if (run) run.last = row;
      else runs.push({ limit, detail, first: row, last: row });
    }
  });
  const label = (row: number) => (rows[row] ? binsOf(rows[row]) : '');
  return runs.map(({ detail, first, last }) =>
    first === last ? `${label(first)}: ${detail}` : `${label(first)} to ${label(last)}: ${detail}`,
  );
}

function describeColumns({ readBy }: PlanAssumptions): string {
  const plain = readBy.filter(({ takesGzip }) => !takesGzip).map(({ name }) => name);
  const wire =
    plain.length > 0
      ? `Updates and egress are not compressed, for ${plain.join(', ')} would not have it.`
      : 'Updates and egress are compressed, for all of these clients ask for it; how much that saves is an estimate.';
  return [
    `A first update starts with nothing but root. ${wire}`,
    'Stored is what new versions take in the database, roughly, until old ones are pruned.',
    'Version numbers are those after a year.',
  ].join('\n');
}

function figure(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 1 : 0 });
}

function round(amount: number): number {
  return Math.round(amount * 10) / 10;
}
