import type { Token } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeToken } from './token-text.js';

export async function revokeToken(
  context: CommandContext,
  _flags: object,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const token: Token = await service.delete(`api/v1/tokens/${encodeURIComponent(id)}`);
  context.output.show(token, () => describeToken(token, new Date()));
  return EXIT.fine;
}
