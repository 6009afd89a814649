import { generateKeyPair, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyScheme } from '../tuf/key.js';
import { PSS } from '../tuf/signature.js';
import { hashOf } from './digest.js';

const RSA_BITS = 3_072;
const generate = promisify(generateKeyPair);
const signOnThread = promisify(sign);

export async function generatePrivateKey(scheme: KeyScheme): Promise<KeyObject> {
  switch (scheme) {
    case 'ed25519':
      return (await generate('ed25519')).privateKey;
    case 'ecdsa-sha2-nistp256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'ecdsa-sha2-nistp384':
      return (await generate('ec', { namedCurve: 'P-384' })).privateKey;
    case 'rsassa-pss-sha256':
      return (await generate('rsa', { modulusLength: RSA_BITS })).privateKey;
    default:
      return scheme satisfies never;
  }
}

/** PKCS #8 PEM, encrypted with AES-256 when there is a passphrase. */
export function encodePrivateKey(key: KeyObject, passphrase: string | undefined): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return key.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString();
}

/** Some 0.03 ms for a bin and 1 ms for half a megabyte: less than to have a thread do it, where processors are busy. */
const QUICK: readonly KeyScheme[] = ['ed25519', 'ecdsa-sha2-nistp256'];

/** Signs on libuv's threads what would keep the event loop. */
export async function signWith(key: KeyObject, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
  const [hash, input] = [hashOf(scheme), signingInput(key, scheme)];
  return QUICK.includes(scheme) ? sign(hash, bytes, input) : signOnThread(hash, bytes, input);
}

/** The bare key where nothing goes with it: Node takes half as long again to sign with one in an object. */
function signingInput(key: KeyObject, scheme: KeyScheme): KeyObject | SignKeyObjectInput {
  return scheme === 'rsassa-pss-sha256' ? { key, ...PSS } : key;
}
