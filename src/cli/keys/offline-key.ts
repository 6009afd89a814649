import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodePrivateKey, generatePrivateKey, signWith } from '../../key-vaults/private-key.js';
import { writeSecretFile } from '../../secret-file.js';
import { type KeyScheme, keyFromPublicKey, type PublicKey } from '../../tuf/key.js';
import { usageError } from '../command-error.js';
import { readTextFile } from '../json-file.js';
import { assertNotThere, writeNewJson } from '../new-file.js';
import { namedKey } from './public-key-file.js';
import { type Signer, signerOf } from './signer.js';

/** A key whose private half is in a file of its owner. */
export interface OfflineKey extends Signer {
  readonly key: PublicKey;
  readonly file: string;
  readonly privateKey: KeyObject;
}

export async function generateOfflineKey(scheme: KeyScheme, file: string): Promise<OfflineKey> {
  return offlineKey(await generatePrivateKey(scheme), scheme, file);
}

function offlineKey(privateKey: KeyObject, scheme: KeyScheme, file: string): OfflineKey {
  const key = keyFromPublicKey(createPublicKey(privateKey), scheme);
  return { ...signerOf(namedKey(key), file, (bytes) => signWith(privateKey, scheme, bytes)), key, file, privateKey };
}

export function publicKeyFile(file: string): string {
  return `${file}.pub.json`;
}

export async function assertKeyFilesNotThere(file: string): Promise<void> {
  await assertNotThere(file);
  await assertNotThere(publicKeyFile(file));
}

/** Writes the private half (0600, never over another file), and the public half beside it. */
export async function keepOfflineKey(
  { keyid, key, file, privateKey }: OfflineKey,
  passphrase: string | undefined,
): Promise<void> {
  await assertKeyFilesNotThere(file);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeSecretFile(file, encodePrivateKey(privateKey, passphrase));
  await writeNewJson(publicKeyFile(file), { keyid, key });
}

export async function readOfflineKey(
  file: string,
  passphrases: readonly string[],
): Promise<OfflineKey | 'passphrase-needed'> {
  const pem = await readTextFile(file);
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw usageError(`${file} is not a private key in PEM`);
  const isEncrypted = /ENCRYPTED/.test(pem);
  for (const passphrase of isEncrypted ? passphrases : [undefined]) {
    const privateKey = decode(pem, passphrase);
    if (privateKey) return offlineKey(privateKey, schemeOf(privateKey, file), file);
  }
  if (isEncrypted) return 'passphrase-needed';
  throw usageError(`${file} is not a readable private key`);
}

// OpenSSL's messages may quote what it was given, so they stay out.
function decode(pem: string, passphrase: string | undefined): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase: passphrase ?? '' });
  } catch {
    return null;
  }
}

/** The one scheme that TRS signs with by keys of this type. @throws CommandError for other types. */
export function schemeOf(
  { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject,
  file: string,
): KeyScheme {
  if (type === 'ed25519') return 'ed25519';
  if (type === 'rsa') return 'rsassa-pss-sha256';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ecdsa-sha2-nistp256';
  if (type === 'ec' && details?.namedCurve === 'secp384r1') return 'ecdsa-sha2-nistp384';
  throw usageError(`${file} holds a key of type ${type}; TUF knows Ed25519, ECDSA P-256 and P-384, and RSA`);
}
