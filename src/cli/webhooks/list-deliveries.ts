import type { Page, WebhookDelivery } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeDeliveries, webhookPath } from './webhook-text.js';

export interface ListDeliveriesFlags {
  readonly limit: number;
}

export async function listDeliveries(
  context: CommandContext,
  { limit }: ListDeliveriesFlags,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const path = `${webhookPath(id)}/deliveries`;
  const { items } = await service.get<Page<WebhookDelivery>>(path, { limit: String(limit) });
  context.output.show(items, () => describeDeliveries(items, new Date()));
  return EXIT.fine;
}
