import { InvalidArgumentError } from 'commander';
import { readString } from '../../tuf/fields.js';
import { type KeyId, parseKeyId } from '../../tuf/key.js';
import type { Signature } from '../../tuf/metadata.js';
import { parseSignature } from '../../tuf/parse-metadata.js';
import type { ConfirmationFlags } from '../confirmation.js';
import type { PassphraseFlags } from '../keys/passphrase.js';

export interface SignFlags extends PassphraseFlags, ConfirmationFlags {
  readonly repository?: string;
  readonly key?: readonly string[];
  readonly signature?: readonly Signature[];
  readonly bundle?: readonly BundleFile[];
  readonly in?: string;
  readonly out?: string;
  readonly send?: string;
  readonly wait: number;
}

/** Where what a Sigstore identity has signed with is. */
export interface BundleFile {
  readonly keyid: KeyId;
  readonly file: string;
}

/** `KEYID=HEX`, any number of times; the white space in what xxd prints does not matter. */
export function gatherSignatures(text: string, before: readonly Signature[] | undefined): Signature[] {
  const [keyid = '', sig = ''] = text.replace(/\s+/g, '').toLowerCase().split('=');
  try {
    return [...(before ?? []), parseSignature({ keyid, sig }, 'signature')];
  } catch {
    throw new InvalidArgumentError('It must be KEYID=HEX: the id of the key, 64 hex digits, and the signature in hex.');
  }
}

/** `KEYID=FILE`, any number of times. */
export function gatherBundles(text: string, before: readonly BundleFile[] | undefined): BundleFile[] {
  const [keyid = '', ...rest] = text.split('=');
  try {
    return [...(before ?? []), { keyid: parseKeyId(keyid, 'keyid'), file: readString(rest.join('='), 'file') }];
  } catch {
    throw new InvalidArgumentError('It must be KEYID=FILE: the id of the key, 64 hex digits, and a Sigstore bundle.');
  }
}
