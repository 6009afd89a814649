import { KEY_URI_SCHEMES } from '../../key-vaults/key-uri.js';
import { type KeyUri, KeyVaultError } from '../../key-vaults/key-vault.js';
import type { KeyVaults } from '../../key-vaults/key-vaults.js';
import { schemeFor } from '../../key-vaults/public-key-scheme.js';
import { keyFromPublicKey } from '../../tuf/key.js';
import { CommandError, EXIT } from '../command-error.js';
import { namedKey } from './public-key-file.js';
import type { Signer } from './signer.js';

/** Whether `--key` names a key of a vault rather than a file; a file may be given as ./NAME in any case. */
export function isVaultUri(text: string): text is KeyUri {
  return KEY_URI_SCHEMES.some((scheme) => scheme !== 'file' && text.startsWith(`${scheme}:`));
}

/** Signs in the vault: the private half never comes here. */
export async function vaultSigner(vaults: KeyVaults, uri: KeyUri): Promise<Signer> {
  const publicKey = await explained(() => vaults.publicKey(uri));
  const scheme = schemeFor(publicKey, uri);
  const named = namedKey(keyFromPublicKey(publicKey, scheme));
  const sign = async (bytes: Uint8Array) => {
    const sig = await explained(() => vaults.sign(uri, scheme, bytes));
    return { keyid: named.keyid, sig: Buffer.from(sig).toString('hex') };
  };
  return { ...named, label: uri, sign };
}

async function explained<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (!(cause instanceof KeyVaultError)) throw cause;
    throw new CommandError(EXIT.failed, cause.message, [], { cause });
  }
}
