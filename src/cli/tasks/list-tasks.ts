import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { relativeTime } from '../moment.js';
import { printable } from '../printable.js';
import { table } from '../table.js';
import type { TaskFlags } from './show-task.js';

export interface ListTasksFlags extends TaskFlags {
  readonly state?: Task['state'];
}

export async function listTasks(context: CommandContext, { repository, state }: ListTasksFlags): Promise<ExitCode> {
  const service = await context.connect();
  const path = `api/v1/repositories/${encodeURIComponent(repository)}/tasks`;
  const tasks = await service.all<Task>(path, state === undefined ? {} : { state });
  context.output.show(tasks, () => describeTasks(tasks, new Date()));
  return EXIT.fine;
}

function describeTasks(tasks: readonly Task[], now: Date): string {
  if (tasks.length === 0) return 'There is no such task.';
  return table(
    ['Asked', 'What', 'By', 'State', 'Id'],
    tasks.map(({ id, kind, state, principal, createdAt }) => [
      relativeTime(new Date(createdAt), now),
      kind,
      printable(principal),
      state,
      id,
    ]),
  );
}
