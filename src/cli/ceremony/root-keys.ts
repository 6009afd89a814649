import type { KeyScheme } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { generateOfflineKey, type OfflineKey } from '../keys/offline-key.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import { assertDistinctKeys, unlockKeys } from '../keys/unlock-keys.js';
import type { RootKeyChoices } from './ceremony-terms.js';

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
  const unlocked = await unlockKeys(context, files, flags);
  const signers: RootSigner[] = unlocked.map((key) => ({ ...key, isNew: false }));
  for (const file of newFiles) signers.push({ ...(await generateOfflineKey(flags.scheme, file)), isNew: true });
  const absent = await Promise.all(publicFiles.map(async (file) => ({ ...(await readPublicKeyFile(file)), file })));
  assertDistinctKeys([...signers, ...absent]);
  return { signers, absent };
}
