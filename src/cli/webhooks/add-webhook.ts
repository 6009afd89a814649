import { writeSecretFile } from '../../secret-file.js';
import type { NewWebhook } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotThere } from '../new-file.js';
import { describeWebhook } from './webhook-text.js';

export interface AddWebhookFlags {
  readonly name: string;
  readonly url: string;
  readonly event?: readonly string[];
  readonly repository?: readonly string[];
  readonly out?: string;
}

export async function addWebhook(context: CommandContext, flags: AddWebhookFlags): Promise<ExitCode> {
  const { name, url, event: events, repository: repositories, out } = flags;
  if (out !== undefined) await assertNotThere(out);
  const service = await context.connect();
  const made: NewWebhook = await service.post('api/v1/webhooks', {
    name,
    url,
    ...(events && { events }),
    ...(repositories && { repositories }),
  });
  if (out === undefined) {
    context.output.show(made, () => describeWebhook(made, new Date()));
    return EXIT.fine;
  }
  await writeSecretFile(out, `${made.secret}\n`);
  const { secret: _, ...shown } = made;
  context.output.show(shown, () => describeWebhook(shown, new Date()));
  context.output.note(`The secret that messages are signed with is in ${out}.`);
  return EXIT.fine;
}
