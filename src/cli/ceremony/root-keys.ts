import type { KeyScheme } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { generateOfflineKey, type OfflineKey } from '../keys/offline-key.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import type { Signer } from '../keys/signer.js';
import { assertDistinctKeys, unlockKeys } from '../keys/unlock-keys.js';
import type { RootKeyChoices } from './ceremony-terms.js';

export interface RootKeys {
  /** Those that sign now. */
  readonly signers: readonly Signer[];
  /** Those of the signers that are new: in memory only, until they are kept. */
  readonly made: readonly OfflineKey[];
  readonly absent: readonly (NamedKey & { readonly label: string })[];
}

export async function gatherRootKeys(
  context: CommandContext,
  { files, publicFiles, newFiles }: RootKeyChoices,
  flags: PassphraseFlags & { readonly scheme: KeyScheme },
): Promise<RootKeys> {
  const unlocked = await unlockKeys(context, files, flags);
  const made = await Promise.all(newFiles.map((file) => generateOfflineKey(flags.scheme, file)));
  const signers = [...unlocked, ...made];
  const absent = await Promise.all(
    publicFiles.map(async (file) => ({ ...(await readPublicKeyFile(file)), label: file })),
  );
  assertDistinctKeys([...signers, ...absent]);
  return { signers, made, absent };
}
