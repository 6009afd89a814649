import { createPublicKey, type KeyObject } from 'node:crypto';
import { isKeyUri } from '../../key-vaults/key-uri.js';
import { keyFromPublicKey } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { readTextFile } from '../json-file.js';
import { schemeOf } from './offline-key.js';
import type { PassphraseFlags } from './passphrase.js';
import { type NamedKey, namedKey, readPublicKeyFile } from './public-key-file.js';
import { unlockKeys } from './unlock-keys.js';

/**
 * The public half of a key, from its `.pub.json` file, from a public or private key in PEM, or from a key vault that
 * this machine reaches.
 */
export async function readPublicKey(
  context: CommandContext,
  source: string,
  flags: PassphraseFlags,
): Promise<NamedKey> {
  if (isKeyUri(source)) return publicHalfOf(context, source, flags);
  const text = await readTextFile(source);
  if (/-----BEGIN PUBLIC KEY-----/.test(text) && !text.trimStart().startsWith('{')) return readPublicPem(text, source);
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return readPublicKeyFile(source);
  return publicHalfOf(context, source, flags);
}

async function publicHalfOf(context: CommandContext, source: string, flags: PassphraseFlags): Promise<NamedKey> {
  const [signer] = await unlockKeys(context, [source], flags);
  if (!signer) throw usageError(`${source} holds no key`);
  return { keyid: signer.keyid, key: signer.key };
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
