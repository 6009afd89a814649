import { createPublicKey, type KeyObject } from 'node:crypto';
import { keyFromPublicKey } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { readTextFile } from '../json-file.js';
import { schemeOf } from './offline-key.js';
import type { PassphraseFlags } from './passphrase.js';
import { type NamedKey, namedKey, readPublicKeyFile } from './public-key-file.js';
import { unlockKeys } from './unlock-keys.js';

/** The public half of a key, from its `.pub.json` file or from a public or private key in PEM. */
export async function readPublicKey(context: CommandContext, file: string, flags: PassphraseFlags): Promise<NamedKey> {
  const text = await readTextFile(file);
  if (/-----BEGIN PUBLIC KEY-----/.test(text) && !text.trimStart().startsWith('{')) return readPublicPem(text, file);
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return readPublicKeyFile(file);
  const [unlocked] = await unlockKeys(context, [file], flags);
  if (!unlocked) throw usageError(`${file} holds no key`);
  return { keyid: unlocked.keyid, key: unlocked.key };
}

function readPublicPem(pem: string, file: string): NamedKey {
  const object = decode(pem, file);
  return namedKey(keyFromPublicKey(object, schemeOf(object, file)));
}

function decode(pem: string, file: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw usageError(`${file} is not a readable public key (${cause instanceof Error ? cause.message : cause})`);
  }
}
