import colors from 'picocolors';
import type { Outcome } from '../../answers.js';
import { counted } from '../../moment.js';
import { printable } from '../../printable.js';
import { watchCommand } from '../../tasks/settled-task.js';
import type { Imported } from './imported.js';

const NAMES: readonly (readonly [keyof NonNullable<Outcome['lines']>, string])[] = [
  ['added', 'added'],
  ['replaced', 'replaced'],
  ['unchanged', 'unchanged'],
  ['awaitingSignatures', 'awaiting signatures'],
  ['repeated', 'replaced by a later line for the same path'],
  ['overtaken', 'left out, for their paths were changed since'],
];

/** What became of one file. */
export function describeImport({ file, task, refusals }: Imported, flags: { readonly refused?: string }): string {
  const { progress, outcome, revision } = task;
  const accepted = progress?.accepted ?? 0;
  const refused = progress?.refused ?? 0;
  const seen = revision === null ? '' : `; visible to clients with revision ${revision}`;
  const head = `${file}: ${counted(accepted, 'line')} accepted, ${refused.toLocaleString('en-US')} refused`;
  return [
    refused > 0 ? colors.yellow(head) : head,
    ...(outcome?.lines ? [`  ${tallyOfLines(outcome.lines)}${seen}.`] : []),
    ...(outcome?.refusal ? [`  ${colors.red('Interrupted')}: ${printable(outcome.refusal.detail)}`] : []),
    ...(outcome?.signingEvent && outcome.missingSignatures !== undefined
      ? [`  It waits for signatures: trs event show ${outcome.signingEvent} --repository ${task.repository}`]
      : []),
    ...refusals.map(({ line, detail }) => `  ${colors.red('refused')}  line ${line}: ${printable(detail)}`),
    ...(refused > refusals.length ? [`  … and ${others(refused - refusals.length, flags.refused)}`] : []),
    ...(task.state === 'waiting'
      ? [`  Recorded, but not all of it is visible yet. Follow it: ${watchCommand(task)}`]
      : []),
  ].join('\n');
}

function others(count: number, file: string | undefined): string {
  const more = `${count.toLocaleString('en-US')} more`;
  return file === undefined
    ? `${more}; --refused FILE writes all of them to a file`
    : `${more}, all of them in ${file}`;
}

/** What became of the lines that went in, in words. */
export function tallyOfLines(lines: NonNullable<Outcome['lines']>): string {
  const parts = NAMES.filter(([name]) => lines[name] > 0).map(
    ([name, text]) => `${lines[name].toLocaleString('en-US')} ${text}`,
  );
  return parts.length > 0 ? parts.join(', ') : 'nothing to do';
}
