import type { Signature } from '../../tuf/metadata.js';
import type { SigningEvent, Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import { describeEvent } from '../events/event-text.js';
import { eventPath } from '../events/open-event.js';
import { printable } from '../printable.js';
import type { Service } from '../service.js';
import { assertNotRefused, settledTask, watchCommand } from '../tasks/settled-task.js';

export function assertOpen({ id, state, reason }: SigningEvent): void {
  if (state === 'open') return;
  throw new CommandError(EXIT.failed, `signing event ${id} is ${state}`, reason === null ? [] : [printable(reason)]);
}

/** Sends signatures one by one, and says what is still missing or that it is published. */
export async function deliverSignatures(
  { output }: CommandContext,
  service: Service,
  repository: string,
  event: SigningEvent,
  signatures: readonly Signature[],
  wait: number,
): Promise<ExitCode> {
  const tasks: Task[] = [];
  for (const signature of signatures) {
    const task = await deliver(service, repository, event, signature, wait);
    tasks.push(task);
    if (isLast(task)) break; // the event is completed: it takes no more
  }
  const latest: SigningEvent = await service.get(eventPath(repository, event.id));
  const waiting = tasks.find(({ state }) => state === 'waiting');
  const result = {
    repository,
    event: event.id,
    version: event.version,
    state: waiting ? 'waiting' : latest.state,
    signedBy: signatures.slice(0, tasks.length).map(({ keyid }) => keyid),
    signingEvent: latest,
    tasks,
  };
  output.show(result, () =>
    waiting ? `It is recorded. Follow it: ${watchCommand(waiting)}` : describe(repository, latest),
  );
  return waiting && wait > 0 ? EXIT.stillWaiting : EXIT.fine;
}

async function deliver(
  service: Service,
  repository: string,
  { id }: SigningEvent,
  signature: Signature,
  wait: number,
): Promise<Task> {
  const recorded: Task = await service.post(`${eventPath(repository, id)}/signatures`, signature);
  const task = await settledTask(service, recorded, wait);
  assertNotRefused(task, `the signature by ${signature.keyid}`);
  return task;
}

function isLast({ state, outcome }: Task): boolean {
  return state === 'succeeded' && outcome?.signingEvent === undefined;
}

function describe(repository: string, event: SigningEvent): string {
  const { role, version, state } = event;
  if (state === 'open') return describeEvent(repository, event);
  if (state === 'completed')
    return `It has all its signatures: ${role} version ${version} of ${repository} is published.`;
  return `The signing event is ${state}.`;
}
