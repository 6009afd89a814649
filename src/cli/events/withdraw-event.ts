import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotRefused, settledTask, watchCommand } from '../tasks/settled-task.js';
import { eventPath } from './open-event.js';

export interface WithdrawEventFlags {
  readonly repository: string;
  readonly reason: string;
  readonly wait: number;
}

export async function withdrawEvent(
  context: CommandContext,
  { repository, reason, wait }: WithdrawEventFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const recorded: Task = await service.post(`${eventPath(repository, id)}/withdrawal`, { reason });
  const task = await settledTask(service, recorded, wait);
  assertNotRefused(task, 'the withdrawal');
  const isDone = task.state !== 'waiting';
  context.output.show({ repository, event: id, state: isDone ? 'withdrawn' : 'waiting', reason, task }, () =>
    isDone
      ? `Signing event ${id} is withdrawn: ${reason}`
      : `The withdrawal is recorded. Follow it: ${watchCommand(task)}`,
  );
  return isDone || wait === 0 ? EXIT.fine : EXIT.stillWaiting;
}
