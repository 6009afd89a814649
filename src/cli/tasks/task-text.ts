import type { Task } from '../answers.js';
import { describeOutcome, outcomeOf } from '../artifacts/batch-outcome.js';
import { tallyOfLines } from '../artifacts/imports/import-text.js';
import { counted, describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { facts } from '../table.js';
import { describePending } from './settled-task.js';

export function describeTask(task: Task, now: Date): string {
  const { outcome } = task;
  const overview = facts([
    ['Task', task.id],
    ['Repository', task.repository],
    ['Asked', `${task.kind} by ${task.principal}, ${describeMoment(task.createdAt, now)}`],
    ['State', task.state],
    ...(task.approvedBy === null ? [] : [['Approved by', printable(task.approvedBy)] as const]),
    ...(task.state === 'awaiting-approval' ? [['Approve', describePending(task, 'It')] as const] : []),
    ...(task.settledAt ? [['Settled', describeMoment(task.settledAt, now)] as const] : []),
    ...(task.revision === null ? [] : [['Revision', task.revision] as const]),
    ...(task.progress ? [['Lines', describeProgress(task.progress)] as const] : []),
    ...(outcome?.lines ? [['Became', tallyOfLines(outcome.lines)] as const] : []),
    ...(outcome?.signingEvent
      ? [['Signing event', `${outcome.signingEvent}, ${lacking(outcome.missingSignatures ?? 0)}`] as const]
      : []),
  ]);
  return outcome?.artifacts || outcome?.refusal ? `${overview}\n\n${describeOutcome(outcomeOf([task]))}` : overview;
}

function describeProgress({ linesRead, accepted, refused, published }: NonNullable<Task['progress']>): string {
  const counts = { read: linesRead, accepted, refused, published };
  return Object.entries(counts)
    .map(([name, count]) => `${count.toLocaleString('en-US')} ${name}`)
    .join(', ');
}

function lacking(signatures: number): string {
  return signatures === 0 ? 'has all signatures' : `lacked ${counted(signatures, 'signature')} then`;
}
