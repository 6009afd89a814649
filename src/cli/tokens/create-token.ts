import { writeSecretFile } from '../../secret-file.js';
import type { NewToken } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotThere } from '../new-file.js';
import { type RightsFlags, rightsOf } from '../rights-options.js';
import { describeNewToken } from './token-text.js';

export interface CreateTokenFlags extends RightsFlags {
  readonly name: string;
  readonly days?: number;
  readonly permanent?: boolean;
  readonly out?: string;
}

export async function createToken(context: CommandContext, flags: CreateTokenFlags): Promise<ExitCode> {
  const { name, days, permanent, out } = flags;
  if (out !== undefined) await assertNotThere(out);
  const service = await context.connect();
  const made: NewToken = await service.post('api/v1/tokens', {
    name,
    ...rightsOf(flags),
    ...(days !== undefined && { expiresIn: { days } }),
    ...(permanent !== undefined && { permanent }),
  });
  if (out === undefined) {
    context.output.show(made, () => describeNewToken(made, new Date()));
    return EXIT.fine;
  }
  await writeSecretFile(out, `${made.token}\n`);
  const { token: _, ...shown } = made;
  context.output.show(shown, () => describeNewToken(shown, new Date()));
  context.output.note(`The token is in ${out}. Use it: export TRS_TOKEN_FILE=${out}`);
  return EXIT.fine;
}
