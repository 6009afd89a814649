import { select } from '@inquirer/prompts';
import type { SigningEvent, Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, usageError } from '../command-error.js';
import { questionStreams } from '../question-streams.js';
import type { Service } from '../service.js';

const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function eventsPath(repository: string): string {
  return `api/v1/repositories/${encodeURIComponent(repository)}/signing-events`;
}

export function eventPath(repository: string, id: string): string {
  return `${eventsPath(repository)}/${encodeURIComponent(id)}`;
}

export function openEvents(service: Service, repository: string): Promise<SigningEvent[]> {
  return service.all(eventsPath(repository), { state: 'open' });
}

/** A proposal takes the place of what waits, which those who signed that should know. */
export async function warnOfOpenEvents(
  { output }: CommandContext,
  service: Service,
  repository: string,
): Promise<void> {
  for (const { id, role, version } of await openEvents(service, repository)) {
    output.warn(`signing event ${id} for ${role} version ${version} is open: this proposal takes its place`);
  }
}

/** The open events that a settled task waits for, its own first. */
export async function openEventsOf(service: Service, { outcome, repository }: Task): Promise<SigningEvent[]> {
  const ids = [...(outcome?.signingEvent ? [outcome.signingEvent] : []), ...(outcome?.otherSigningEvents ?? [])];
  const events = await Promise.all(ids.map((id) => service.get<SigningEvent>(eventPath(repository, id))));
  return events.filter(({ state }) => state === 'open');
}

/** The event with this id, or the only open one. */
export async function eventNamed(
  context: CommandContext,
  service: Service,
  repository: string,
  id: string | undefined,
): Promise<SigningEvent> {
  if (id !== undefined) {
    if (EVENT_ID.test(id)) return service.get(eventPath(repository, id));
    throw usageError(`${id} is not the id of a signing event`, `See them: trs event list --repository ${repository}`);
  }
  const [first, ...others] = await openEvents(service, repository);
  if (!first) throw new CommandError(EXIT.notFound, `nothing in ${repository} waits for signatures`);
  return others.length === 0 ? first : chosen(context, [first, ...others]);
}

function chosen({ isInteractive }: CommandContext, events: readonly SigningEvent[]): Promise<SigningEvent> {
  if (!isInteractive) {
    const known = events.map(({ id, role, version }) => `${id}: ${role} version ${version}`);
    throw usageError('several events are open, and there is nobody to ask: name one', ...known);
  }
  const choices = events.map((event) => ({
    name: `${event.role} version ${event.version} (${event.id})`,
    value: event,
  }));
  return select({ message: 'Signing event:', choices }, questionStreams);
}
