import { isKeyUri } from '../../key-vaults/key-uri.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { type OfflineKey, readOfflineKey } from './offline-key.js';
import { askPassphraseOf, givenPassphrases, type PassphraseFlags } from './passphrase.js';
import type { Signer } from './signer.js';
import { vaultSigner } from './vault-signer.js';

const MAXIMUM_TRIES = 3;

/** The keys in these files and at these key URIs, asking for passphrases where those given open nothing. */
export async function unlockKeys(
  context: CommandContext,
  sources: readonly string[],
  flags: PassphraseFlags,
): Promise<Signer[]> {
  const passphrases = await givenPassphrases(context, flags);
  const keys: Signer[] = [];
  for (const source of sources) {
    keys.push(
      isKeyUri(source) ? await vaultSigner(context.keyVault(), source) : await unlock(context, source, passphrases),
    );
  }
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

export function assertDistinctKeys(keys: readonly Pick<Signer, 'keyid' | 'label'>[]): void {
  const labels = new Map<string, string>();
  for (const { keyid, label } of keys) {
    const other = labels.get(keyid);
    if (other) throw usageError(`${other} and ${label} are the same key`);
    labels.set(keyid, label);
  }
}
