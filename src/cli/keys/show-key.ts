import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotThere, writeNewJson } from '../new-file.js';
import { publicHalf } from './create-online-key.js';
import { describeKey } from './key-text.js';

export interface ShowKeyFlags {
  readonly out?: string;
}

export async function showKey(
  context: CommandContext,
  { out }: ShowKeyFlags,
  [keyId = '']: readonly string[],
): Promise<ExitCode> {
  if (out !== undefined) await assertNotThere(out);
  const service = await context.connect();
  const key: RegisteredKey = await service.get(`api/v1/keys/${keyId}`);
  if (out !== undefined) await writeNewJson(out, publicHalf(key));
  context.output.show(key, () => describeKey(key, new Date()));
  return EXIT.fine;
}
