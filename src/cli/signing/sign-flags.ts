import { InvalidArgumentError } from 'commander';
import type { Signature } from '../../tuf/metadata.js';
import { parseSignature } from '../../tuf/parse-metadata.js';
import type { ConfirmationFlags } from '../confirmation.js';
import type { PassphraseFlags } from '../keys/passphrase.js';

export interface SignFlags extends PassphraseFlags, ConfirmationFlags {
  readonly repository?: string;
  readonly key?: readonly string[];
  readonly signature?: readonly Signature[];
  readonly in?: string;
  readonly out?: string;
  readonly send?: string;
  readonly wait: number;
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
