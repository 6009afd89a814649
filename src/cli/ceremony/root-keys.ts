import type { KeyScheme } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { generateOfflineKey, type OfflineKey, readOfflineKey } from '../keys/offline-key.js';
import { askPassphraseOf, givenPassphrases, type PassphraseFlags } from '../keys/passphrase.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import type { RootKeyChoices } from './ceremony-terms.js';

const MAXIMUM_TRIES = 3;

export interface RootKeys {
  /** Those that sign now; the new ones are in memory only, until they are kept. */
  readonly signers: readonly RootSigner[];
  readonly absent: readonly (NamedKey & { readonly file: string })[];
}

export interface RootSigner extends OfflineKey {
  readonly isNew: boolean;
}

export async function gatherRootKeys(
  context: CommandContext,
  { files, publicFiles, newFiles }: RootKeyChoices,
  flags: PassphraseFlags & { readonly scheme: KeyScheme },
): Promise<RootKeys> {
  const passphrases = await givenPassphrases(context, flags);
  const signers: RootSigner[] = [];
  for (const file of files) signers.push({ ...(await unlock(context, file, passphrases)), isNew: false });
  for (const file of newFiles) signers.push({ ...(await generateOfflineKey(flags.scheme, file)), isNew: true });
  const absent = await Promise.all(publicFiles.map(async (file) => ({ ...(await readPublicKeyFile(file)), file })));
  assertDistinct([...signers, ...absent]);
  return { signers, absent };
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

function assertDistinct(keys: readonly (NamedKey & { readonly file: string })[]): void {
  const files = new Map<string, string>();
  for (const { keyid, file } of keys) {
    const other = files.get(keyid);
    if (other) throw usageError(`${other} and ${file} are the same key`);
    files.set(keyid, file);
  }
}
