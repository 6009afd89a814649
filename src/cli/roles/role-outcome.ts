import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeEvent } from '../events/event-text.js';
import { openEventsOf } from '../events/open-event.js';
import type { Service } from '../service.js';
import { assertNotRefused, settledTask, watchCommand } from '../tasks/settled-task.js';

export interface AskedOfRole {
  readonly repository: string;
  readonly role: string;
  /** `role team-a is added`, for the one who asked. */
  readonly done: string;
}

/** Waits for a change of roles, and says that clients see it or who has to sign it yet. */
export async function tellOutcome(
  { output }: CommandContext,
  service: Service,
  { repository, role, done }: AskedOfRole,
  recorded: Task,
  wait: number,
): Promise<ExitCode> {
  const task = await settledTask(service, recorded, wait);
  assertNotRefused(task, 'the change');
  if (task.state === 'waiting') {
    output.show({ repository, role, state: 'waiting', task }, () => `It is recorded. Follow it: ${watchCommand(task)}`);
    return wait > 0 ? EXIT.stillWaiting : EXIT.fine;
  }
  const events = await openEventsOf(service, task);
  const state = events.length > 0 ? 'awaiting-signatures' : 'published';
  output.show({ repository, role, state, signingEvents: events, task }, () =>
    events.length > 0
      ? [`${done} as soon as it is signed.`, ...events.map((event) => describeEvent(repository, event))].join('\n\n')
      : `${done}.`,
  );
  return EXIT.fine;
}
