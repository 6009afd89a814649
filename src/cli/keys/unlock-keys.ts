import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { type OfflineKey, readOfflineKey } from './offline-key.js';
import { askPassphraseOf, givenPassphrases, type PassphraseFlags } from './passphrase.js';
import type { NamedKey } from './public-key-file.js';

const MAXIMUM_TRIES = 3;

/** Reads private keys, asking for passphrases where those given open nothing. */
export async function unlockKeys(
  context: CommandContext,
  files: readonly string[],
  flags: PassphraseFlags,
): Promise<OfflineKey[]> {
  const passphrases = await givenPassphrases(context, flags);
  const keys: OfflineKey[] = [];
  for (const file of files) keys.push(await unlock(context, file, passphrases));
  assertDistinctKeys(keys);
  return keys;
}

async function unlock(context: CommandContext, file: string, passphrases: string[]): Promise<OfflineKey> {
  const key = await readOfflineKey(file, passphrases);
  if (key !== 'passphrase-needed') return key;
  if (passphrases.length > 0 && !context.isInteractive) throw usageError(`none of the given passphrases opens ${file}`);
  for (let tries = 0; tries < MAXIMUM_TRIES; tries += 1) {
    const passphrase = await askPassphraseOf(context, file);
    const opened = await readOfflineKey(file, [passphrase]);
    if (opened === 'passphrase-needed') continue;
    passphrases.push(passphrase); // it may open the next key too
    return opened;
  }
  throw usageError(`that is not the passphrase of ${file}`);
}

export function assertDistinctKeys(keys: readonly (NamedKey & { readonly file: string })[]): void {
  const files = new Map<string, string>();
  for (const { keyid, file } of keys) {
    const other = files.get(keyid);
    if (other) throw usageError(`${other} and ${file} are the same key`);
    files.set(keyid, file);
  }
}
