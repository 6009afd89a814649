import { createHash } from 'node:crypto';
import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import type { SigningEvent, Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import { counted } from '../moment.js';
import type { Service } from '../service.js';
import { settledTask } from '../tasks/settled-task.js';
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
  if (task.state === 'refused') {
    throw new CommandError(
      EXIT.failed,
      `the service refuses the repository: ${task.outcome?.refusal?.detail ?? 'see its task'}`,
    );
  }
  const metadataUrl = service.address(`repositories/${request.name}/metadata/`);
  const result = { repository: request.name, metadataUrl, task };
  if (task.state === 'waiting') {
    output.show(
      { ...result, state: 'bootstrapping' },
      () => `${request.name} is being created. Follow it: ${watchCommand(task)}`,
    );
    return wait > 0 ? EXIT.stillWaiting : EXIT.fine;
  }
  const event = await openEvent(service, task);
  const state = event ? 'awaiting-signatures' : 'ready';
  output.show({ ...result, state, ...(event && { signingEvent: event }) }, () =>
    event ? describeEvent(request.name, event) : `${request.name} is ready: clients use ${metadataUrl}`,
  );
  return EXIT.fine;
}

export function describeEvent(repository: string, event: SigningEvent): string {
  return [
    `${repository} waits for ${counted(event.missingSignatures, 'more signature')} on ${event.role} version ${event.version}.`,
    `Signing event: ${event.id}`,
    'May be signed by:',
    ...event.mayBeSignedBy.map((keyid) => `  ${keyid}`),
  ].join('\n');
}

export function watchCommand({ id, repository }: Task): string {
  return `trs task watch ${id} --repository ${repository}`;
}

async function openEvent(service: Service, { outcome, repository }: Task): Promise<SigningEvent | null> {
  if (!outcome?.signingEvent) return null;
  const event: SigningEvent = await service.get(
    `api/v1/repositories/${repository}/signing-events/${outcome.signingEvent}`,
  );
  return event.state === 'open' ? event : null;
}
