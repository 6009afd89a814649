import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { describeKey } from './key-text.js';

export interface RenameKeyFlags {
  readonly name?: string;
  /** False with `--no-owner`. */
  readonly owner?: string | false;
}

export async function renameKey(
  context: CommandContext,
  { name, owner }: RenameKeyFlags,
  [keyId = '']: readonly string[],
): Promise<ExitCode> {
  if (name === undefined && owner === undefined) throw usageError('--name, --owner or --no-owner is missing');
  const service = await context.connect();
  const key: RegisteredKey = await service.patch(`api/v1/keys/${keyId}`, {
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner: owner === false ? null : owner }),
  });
  context.output.show(key, () => describeKey(key, new Date()));
  return EXIT.fine;
}
