import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { describeKey } from './key-text.js';
import type { PassphraseFlags } from './passphrase.js';
import { readPublicKey } from './public-key.js';

export interface AddKeyFlags extends PassphraseFlags {
  readonly name: string;
  readonly owner?: string;
  readonly file?: string;
  readonly uri?: string;
}

/** Registers an offline key by its public half, or an online one by its URI in a vault of the service. */
export async function addKey(context: CommandContext, flags: AddKeyFlags): Promise<ExitCode> {
  const { name, owner } = flags;
  const origin = await originOf(context, flags);
  const service = await context.connect();
  const key: RegisteredKey = await service.post('api/v1/keys', {
    name,
    ...(owner !== undefined && { owner }),
    ...origin,
  });
  context.output.show(key, () => describeKey(key, new Date()));
  return EXIT.fine;
}

async function originOf(context: CommandContext, { file, uri, ...flags }: AddKeyFlags): Promise<object> {
  if (file !== undefined && uri !== undefined)
    throw usageError('--file is for an offline key, --uri for an online one');
  if (uri !== undefined) return { uri };
  if (file === undefined) throw usageError('--file FILE or --uri URI is missing');
  return { key: (await readPublicKey(context, file, flags)).key };
}
