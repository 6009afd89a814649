import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeEvent } from '../events/event-text.js';
import { openEventsOf, warnOfOpenEvents } from '../events/open-event.js';
import type { Service } from '../service.js';
import { assertNotRefused, describePending, isPending, pendingExitCode, settledTask } from '../tasks/settled-task.js';
import { readRootMetadata } from './root-in-force.js';

export interface SendRootFlags {
  readonly repository: string;
  readonly wait: number;
}

/** Proposes what `trs root edit --out` wrote. */
export async function sendRoot(
  context: CommandContext,
  { repository, wait }: SendRootFlags,
  [file = '']: readonly string[],
): Promise<ExitCode> {
  const root = await readRootMetadata(file);
  const service = await context.connect();
  await warnOfOpenEvents(context, service, repository);
  return proposeRoot(context, service, repository, root, wait);
}

/** Sends a root, and says whether it is published or who has to sign it yet. */
export async function proposeRoot(
  { output }: CommandContext,
  service: Service,
  repository: string,
  root: SignedMetadata<Root>,
  wait: number,
): Promise<ExitCode> {
  const recorded: Task = await service.put(`api/v1/repositories/${repository}/roles/root/metadata`, root);
  const task = await settledTask(service, recorded, wait);
  assertNotRefused(task, 'the root');
  const result = { repository, version: root.signed.version, task };
  if (isPending(task)) {
    output.show({ ...result, state: task.state }, () => describePending(task, 'The root'));
    return pendingExitCode(task, wait);
  }
  const events = await openEventsOf(service, task);
  const [event] = events;
  const state = event ? 'awaiting-signatures' : 'published';
  output.show({ ...result, state, ...(event && { signingEvent: event, signingEvents: events }) }, () =>
    event
      ? events.map((waiting) => describeEvent(repository, waiting)).join('\n\n')
      : `Root version ${root.signed.version} of ${repository} is published.`,
  );
  return EXIT.fine;
}
