import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotThere, writeNewFile } from '../new-file.js';
import { describeEventInFull } from './event-text.js';
import { eventNamed } from './open-event.js';
import { payloadOf, reviewEvent } from './signing-review.js';

export interface ShowEventFlags {
  readonly repository: string;
  readonly payload?: string;
}

export async function showEvent(
  context: CommandContext,
  { repository, payload }: ShowEventFlags,
  [id]: readonly string[],
): Promise<ExitCode> {
  if (payload !== undefined) await assertNotThere(payload);
  const service = await context.connect();
  const event = await eventNamed(context, service, repository, id);
  const review = await reviewEvent(service, repository, event);
  if (payload !== undefined) {
    await writeNewFile(payload, await payloadOf(service, repository, event, review));
    context.output.note(`The bytes to sign are in ${payload}.`);
  }
  context.output.show({ ...event, voucher: review.voucher }, () =>
    describeEventInFull(repository, event, review, new Date()),
  );
  return EXIT.fine;
}
