import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { webhookPath } from './webhook-text.js';

export async function retryDelivery(
  context: CommandContext,
  _flags: object,
  [id = '', event = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  await service.postForNothing(`${webhookPath(id)}/deliveries/${encodeURIComponent(event)}/retry`);
  context.output.show({ event }, () => 'It is sent again within seconds, if it is the first of its repository.');
  return EXIT.fine;
}
