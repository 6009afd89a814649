import type { Token } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeTokens } from './token-text.js';

export interface ListTokensFlags {
  readonly all?: boolean;
}

export async function listTokens(context: CommandContext, { all = false }: ListTokensFlags): Promise<ExitCode> {
  const service = await context.connect();
  const found = await service.all<Token>('api/v1/tokens');
  const tokens = all ? found : found.filter(({ state }) => state === 'active');
  context.output.show(tokens, () => describeTokens(tokens, new Date()));
  return EXIT.fine;
}
