import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeKeys } from './key-text.js';

export interface ListKeysFlags {
  readonly kind?: RegisteredKey['kind'];
}

export async function listKeys(context: CommandContext, { kind }: ListKeysFlags): Promise<ExitCode> {
  const service = await context.connect();
  const keys = await service.all<RegisteredKey>('api/v1/keys', kind === undefined ? {} : { kind });
  context.output.show(keys, () => {
    if (keys.length > 0) return describeKeys(keys);
    return `There is no ${kind === undefined ? 'key' : `${kind} key`} yet. Register one: trs key add --help`;
  });
  return EXIT.fine;
}
