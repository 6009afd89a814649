import type { KeyUri, KeyVault } from '../../key-vaults/key-vault.js';
import { schemeFor } from '../../key-vaults/public-key-scheme.js';
import { keyFromPublicKey } from '../../tuf/key.js';
import { namedKey } from './public-key-file.js';
import { type Signer, signerOf } from './signer.js';

/**
 * The key at `uri`: its public half is read from the vault, and its private half never leaves it.
 * @throws KeyVaultError here, and when it signs.
 */
export async function vaultSigner(vault: KeyVault, uri: KeyUri): Promise<Signer> {
  const publicKey = await vault.publicKey(uri);
  const key = keyFromPublicKey(publicKey, schemeFor(publicKey, uri));
  return signerOf(namedKey(key), uri, (bytes) => vault.sign(uri, key.scheme, bytes));
}
