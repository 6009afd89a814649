import type { TrustedPublisher } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describePublishers } from './publisher-text.js';

export async function listPublishers(context: CommandContext): Promise<ExitCode> {
  const service = await context.connect();
  const publishers = await service.all<TrustedPublisher>('api/v1/trusted-publishers');
  context.output.show(publishers, () => describePublishers(publishers, new Date()));
  return EXIT.fine;
}
