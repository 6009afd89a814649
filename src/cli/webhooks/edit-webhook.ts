import type { Webhook } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { describeWebhook, webhookPath } from './webhook-text.js';

export interface EditWebhookFlags {
  readonly name?: string;
  readonly event?: readonly string[];
  readonly repository?: readonly string[];
  readonly allRepositories?: boolean;
  readonly enable?: boolean;
  readonly disable?: boolean;
}

export async function editWebhook(
  context: CommandContext,
  { name, event: events, repository: repositories, allRepositories, enable, disable }: EditWebhookFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const edit = {
    ...(name !== undefined && { name }),
    ...(events && { events }),
    ...(repositories && { repositories }),
    ...(allRepositories && { repositories: null }),
    ...((enable || disable) && { isEnabled: enable === true }),
  };
  if (Object.keys(edit).length === 0) throw usageError('nothing is to be changed; add --help for what is possible');
  const service = await context.connect();
  const webhook: Webhook = await service.patch(webhookPath(id), edit);
  context.output.show(webhook, () => describeWebhook(webhook, new Date()));
  return EXIT.fine;
}
