import type { CommandContext } from '../command-context.js';
import type { PassphraseFlags } from './passphrase.js';
import { fileSigner, type Signer } from './signer.js';
import { assertDistinctKeys, unlockKeys } from './unlock-keys.js';
import { isVaultUri, vaultSigner } from './vault-signer.js';

/** What signs with the keys that are named: files first, for they may ask for passphrases. */
export async function gatherSigners(
  context: CommandContext,
  keys: readonly string[],
  flags: PassphraseFlags,
): Promise<Signer[]> {
  const uris = keys.filter(isVaultUri);
  const files = keys.filter((key) => !isVaultUri(key));
  const unlocked = (await unlockKeys(context, files, flags)).map(fileSigner);
  const vaults = uris.length > 0 ? context.environment.openKeyVaults() : null;
  const signers = [...unlocked];
  for (const uri of uris) if (vaults) signers.push(await vaultSigner(vaults, uri));
  assertDistinctKeys(signers.map(({ keyid, key, label }) => ({ keyid, key, file: label })));
  return signers;
}
