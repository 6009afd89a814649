import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import { describeEvent } from '../events/event-text.js';
import { openEventsOf } from '../events/open-event.js';
import type { Service } from '../service.js';
import { assertNotRefused, describePending, isPending, pendingExitCode, settledTask } from '../tasks/settled-task.js';

export interface AskedOfRole {
  readonly repository: string;
  readonly role: string;
  /** `role team-a is added`, for the one who asked. */
  readonly done: string;
  /** In words; nothing for a new role. */
  readonly changes?: readonly string[];
}

/** Asks for a change of roles, waits for it, and says that clients see it or who has to sign it yet. */
export async function askForChange(
  { output }: CommandContext,
  service: Service,
  { done, ...asked }: AskedOfRole,
  request: () => Promise<Task>,
  wait: number,
): Promise<ExitCode> {
  const task = await settledChange(service, asked, request, wait);
  if (isPending(task)) {
    output.show({ ...asked, state: task.state, task }, () => describePending(task, 'It'));
    return pendingExitCode(task, wait);
  }
  const events = await openEventsOf(service, task);
  const state = events.length > 0 ? 'awaiting-signatures' : 'published';
  output.show({ ...asked, state, signingEvents: events, task }, () =>
    events.length > 0
      ? [`${done} as soon as it is signed.`, ...events.map((event) => describeEvent(asked.repository, event))].join(
          '\n\n',
        )
      : `${done}.`,
  );
  return EXIT.fine;
}

async function settledChange(
  service: Service,
  { repository, role }: Pick<AskedOfRole, 'repository' | 'role'>,
  request: () => Promise<Task>,
  wait: number,
): Promise<Task> {
  try {
    const task = await settledTask(service, await request(), wait);
    assertNotRefused(task, 'the change');
    return task;
  } catch (cause) {
    if (!(cause instanceof CommandError) || cause.code !== 'precondition-failed') throw cause;
    throw new CommandError(
      EXIT.failed,
      `somebody changed role ${role} after it was read here; nothing of yours was done`,
      [`Look again, and decide anew: trs role show ${role} --repository ${repository}`],
      { cause, code: cause.code },
    );
  }
}
