import type { Task } from '../answers.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import type { Service } from '../service.js';

const LONGEST_WAIT_SECONDS = 60;

/** The task when it is settled or awaits approval, or as it stands when the time is over. */
export async function settledTask(service: Service, task: Task, seconds: number): Promise<Task> {
  const deadline = performance.now() + seconds * 1_000;
  let latest = task;
  while (latest.state === 'waiting') {
    const left = Math.ceil((deadline - performance.now()) / 1_000);
    if (left <= 0) return latest;
    latest = await service.get(taskPath(task), { wait: String(Math.min(left, LONGEST_WAIT_SECONDS)) });
  }
  return latest;
}

export function taskPath({ repository, id }: Pick<Task, 'repository' | 'id'>): string {
  return `api/v1/repositories/${encodeURIComponent(repository)}/tasks/${encodeURIComponent(id)}`;
}

/** What was asked is recorded, but not done: it has its turn still to come, or somebody else's approval. */
export function isPending({ state }: Task): boolean {
  return state === 'waiting' || state === 'awaiting-approval';
}

/** For somebody who wants to know what becomes of it. */
export function describePending(task: Task, what: string): string {
  if (task.state === 'waiting') return `${what} is recorded. Follow it: ${watchCommand(task)}`;
  return `${what} awaits the approval of somebody else: trs task approve ${task.id} --repository ${task.repository}`;
}

/** Who had to wait in vain is told so; to await approval is no failure. */
export function pendingExitCode({ state }: Task, wait: number): ExitCode {
  return state === 'waiting' && wait > 0 ? EXIT.stillWaiting : EXIT.fine;
}

export function watchCommand({ id, repository }: Pick<Task, 'repository' | 'id'>): string {
  return `trs task watch ${id} --repository ${repository}`;
}

/** @throws CommandError with the service's reason. */
export function assertNotRefused({ state, outcome }: Task, what: string): void {
  if (state !== 'refused') return;
  const { code, detail = 'see its task' } = outcome?.refusal ?? {};
  throw new CommandError(EXIT.failed, `the service refuses ${what}: ${detail}`, [], code === undefined ? {} : { code });
}
