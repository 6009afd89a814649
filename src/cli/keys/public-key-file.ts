import { TufError } from '../../tuf/errors.js';
import { readObject } from '../../tuf/fields.js';
import { type Key, type KeyId, keyIdOf, parseKey } from '../../tuf/key.js';
import { usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';

/** A public key with its id, as it stands in a `.pub.json` file. */
export interface NamedKey {
  readonly keyid: KeyId;
  readonly key: Key;
}

export function namedKey<K extends Key>(key: K): NamedKey & { readonly key: K } {
  return { keyid: keyIdOf(key), key };
}

export async function readPublicKeyFile(file: string): Promise<NamedKey> {
  const content = await readJsonFile(file);
  try {
    const { keyid, key } = readObject(content, 'it');
    const named = namedKey(parseKey(key, 'key'));
    if (keyid !== named.keyid)
      throw new TufError('key-id-wrong', `its keyid is not that of its key, which is ${named.keyid}`);
    return named;
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    throw usageError(`${file} is not a public key as trs writes it: ${error.message}`);
  }
}
