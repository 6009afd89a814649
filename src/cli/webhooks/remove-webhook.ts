import type { Webhook } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { printable } from '../printable.js';
import { webhookPath } from './webhook-text.js';

export async function removeWebhook(
  context: CommandContext,
  _flags: object,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const webhook: Webhook = await service.delete(webhookPath(id));
  context.output.show(webhook, () => `Removed ${printable(webhook.name)}.`);
  return EXIT.fine;
}
