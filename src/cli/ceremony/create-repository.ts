import { createHash } from 'node:crypto';
import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeEvent } from '../events/event-text.js';
import { openEventsOf } from '../events/open-event.js';
import type { Service } from '../service.js';
import { assertNotRefused, settledTask, watchCommand } from '../tasks/settled-task.js';
import type { SettingsRequest } from './ceremony-terms.js';

/** The body of POST /api/v1/repositories. */
export interface CreationRequest {
  readonly name: string;
  readonly settings?: Partial<SettingsRequest>;
  readonly root: SignedMetadata<Root>;
}

/** Sends the request, waits until it is settled, and says what came of it. Sending it again does no harm. */
export async function createRepository(
  { output }: CommandContext,
  service: Service,
  request: CreationRequest,
  wait: number,
): Promise<ExitCode> {
  const idempotencyKey = `ceremony-${createHash('sha256').update(JSON.stringify(request)).digest('hex')}`;
  const recorded: Task = await service.post('api/v1/repositories', request, { 'idempotency-key': idempotencyKey });
  const task = await settledTask(service, recorded, wait);
  assertNotRefused(task, 'the repository');
  const metadataUrl = service.address(`repositories/${request.name}/metadata/`);
  const result = { repository: request.name, metadataUrl, task };
  if (task.state === 'waiting') {
    output.show(
      { ...result, state: 'bootstrapping' },
      () => `${request.name} is being created. Follow it: ${watchCommand(task)}`,
    );
    return wait > 0 ? EXIT.stillWaiting : EXIT.fine;
  }
  const events = await openEventsOf(service, task);
  const [event] = events;
  const state = event ? 'awaiting-signatures' : 'ready';
  output.show({ ...result, state, ...(event && { signingEvent: event, signingEvents: events }) }, () =>
    event
      ? events.map((waiting) => describeEvent(request.name, waiting)).join('\n\n')
      : `${request.name} is ready: clients use ${metadataUrl}`,
  );
  return EXIT.fine;
}
