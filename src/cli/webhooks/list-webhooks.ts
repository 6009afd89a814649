import type { Webhook } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeWebhooks } from './webhook-text.js';

export async function listWebhooks(context: CommandContext): Promise<ExitCode> {
  const service = await context.connect();
  const webhooks = await service.all<Webhook>('api/v1/webhooks');
  context.output.show(webhooks, () => describeWebhooks(webhooks));
  return EXIT.fine;
}
