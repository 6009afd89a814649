import { confirm } from '@inquirer/prompts';
import type { CommandContext } from './command-context.js';
import { CommandError, EXIT, usageError } from './command-error.js';
import { questionStreams } from './question-streams.js';

export interface ConfirmationFlags {
  readonly yes?: boolean;
}

/** Refuses before anything is done where nobody could confirm it. */
export function assertConfirmable({ isInteractive }: CommandContext, { yes }: ConfirmationFlags): void {
  if (!isInteractive && yes !== true) throw usageError('--yes is missing, and there is nobody to ask for confirmation');
}

/** Asks, unless `--yes` answered. @throws CommandError with `refusal` when the answer is no. */
export async function assertConfirmed({ yes }: ConfirmationFlags, question: string, refusal: string): Promise<void> {
  if (yes === true || (await confirm({ message: question }, questionStreams))) return;
  throw new CommandError(EXIT.failed, refusal);
}
