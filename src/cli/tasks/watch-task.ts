import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import type { Service } from '../service.js';
import { eventsOf } from './event-stream.js';
import { isPending, taskPath } from './settled-task.js';
import type { TaskFlags } from './show-task.js';
import { describeTask } from './task-text.js';

const PAUSE_MS = 1_000;
const MAXIMUM_FAILURES = 10;

export async function watchTask(
  context: CommandContext,
  { repository }: TaskFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const task = await follow(await context.connect(), taskPath({ repository, id }), ({ state }) =>
    context.output.note(state),
  );
  context.output.show(task, () => describeTask(task, new Date()));
  return task.state === 'succeeded' ? EXIT.fine : EXIT.failed;
}

/** Follows the stream of events, taking it up again where it breaks off: a service may be restarted meanwhile. */
async function follow(service: Service, path: string, onState: (task: Task) => void): Promise<Task> {
  let latest: Task = await service.get(path);
  onState(latest);
  for (let failures = 0; isPending(latest); ) {
    try {
      const settled = await settledInStream(service, path);
      latest = settled ?? latest;
      if (settled) onState(settled);
      else await sleep(PAUSE_MS);
    } catch (error) {
      failures += 1;
      const isPassing =
        error instanceof CommandError ? error.exitCode === EXIT.unreachable : error instanceof TypeError;
      if (!isPassing || failures === MAXIMUM_FAILURES) throw error;
      await sleep(PAUSE_MS);
    }
  }
  return latest;
}

async function settledInStream(service: Service, path: string): Promise<Task | null> {
  const done = new AbortController();
  try {
    for await (const { type, data } of eventsOf(service.chunks(`${path}/events`, done.signal))) {
      if (type !== 'task') continue;
      const task = JSON.parse(data) as Task;
      if (!isPending(task)) return task;
    }
    return null;
  } finally {
    done.abort();
  }
}
