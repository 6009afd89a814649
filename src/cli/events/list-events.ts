import type { SigningEvent } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeMoment } from '../moment.js';
import { table } from '../table.js';
import { eventsPath, openEvents } from './open-event.js';

export interface ListEventsFlags {
  readonly repository: string;
  readonly all?: boolean;
}

export async function listEvents(context: CommandContext, { repository, all }: ListEventsFlags): Promise<ExitCode> {
  const service = await context.connect();
  const events = all ? await service.all<SigningEvent>(eventsPath(repository)) : await openEvents(service, repository);
  context.output.show(events, () => describeEvents(repository, events, all === true, new Date()));
  return EXIT.fine;
}

function describeEvents(repository: string, events: readonly SigningEvent[], all: boolean, now: Date): string {
  if (events.length === 0) {
    return all ? `${repository} never had a signing event.` : `Nothing in ${repository} waits for signatures.`;
  }
  return table(
    ['Event', 'Role', 'Version', 'State', 'Opened', 'Missing signatures'],
    events.map(({ id, role, version, state, openedAt, missingSignatures }) => [
      id,
      role,
      version,
      state,
      describeMoment(openedAt, now),
      state === 'open' ? missingSignatures : '-',
    ]),
  );
}
