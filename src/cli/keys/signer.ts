import type { Signature } from '../../tuf/metadata.js';
import { type NamedKey } from './public-key-file.js';

/** A key that signs from here: it is in a file of its owner, or in a key vault that this machine reaches. */
export interface Signer extends NamedKey {
  /** Where it is, for people: a file or a key URI. */
  readonly label: string;
  readonly sign: (bytes: Uint8Array) => Promise<Signature>;
}

export function signerOf(
  named: NamedKey,
  label: string,
  signBytes: (bytes: Uint8Array) => Promise<Uint8Array>,
): Signer {
  const sign = async (bytes: Uint8Array) => ({
    keyid: named.keyid,
    sig: Buffer.from(await signBytes(bytes)).toString('hex'),
  });
  return { ...named, label, sign };
}

/** The same private key under another id for its public half. */
export function signerUnder({ keyid, key }: NamedKey, signer: Signer): Signer {
  return { ...signer, keyid, key, sign: async (bytes) => ({ ...(await signer.sign(bytes)), keyid }) };
}
