import type { Key } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { readPublicKey } from '../keys/public-key.js';

const KEY_ID = /^[0-9a-f]{64}$/;

/** The keys that flags name: ids go as they are, of a file its public half. */
export async function roleKeys(
  context: CommandContext,
  given: readonly string[],
  flags: PassphraseFlags,
): Promise<(string | Key)[]> {
  const keys: (string | Key)[] = [];
  for (const key of given) keys.push(KEY_ID.test(key) ? key : (await readPublicKey(context, key, flags)).key);
  return keys;
}
