import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { settledTask, taskPath } from './settled-task.js';
import type { TaskFlags } from './show-task.js';
import { describeTask } from './task-text.js';

export interface ApproveTaskFlags extends TaskFlags {
  readonly wait: number;
}

export async function approveTask(
  context: CommandContext,
  { repository, wait }: ApproveTaskFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const approved: Task = await service.post(`${taskPath({ repository, id })}/approval`, {});
  const task = await settledTask(service, approved, wait);
  context.output.show(task, () => describeTask(task, new Date()));
  if (task.state === 'waiting') return wait > 0 ? EXIT.stillWaiting : EXIT.fine;
  return task.state === 'succeeded' ? EXIT.fine : EXIT.failed;
}

export interface RejectTaskFlags extends TaskFlags {
  readonly reason?: string;
}

export async function rejectTask(
  context: CommandContext,
  { repository, reason }: RejectTaskFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const body = reason === undefined ? {} : { reason };
  const task: Task = await service.post(`${taskPath({ repository, id })}/rejection`, body);
  context.output.show(task, () => describeTask(task, new Date()));
  return EXIT.fine;
}
