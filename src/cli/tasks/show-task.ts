import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { taskPath } from './settled-task.js';
import { describeTask } from './task-text.js';

export interface TaskFlags {
  readonly repository: string;
}

export async function showTask(
  context: CommandContext,
  { repository }: TaskFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const task: Task = await service.get(taskPath({ repository, id }));
  context.output.show(task, () => describeTask(task, new Date()));
  return EXIT.fine;
}
