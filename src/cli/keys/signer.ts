import type { Signature } from '../../tuf/metadata.js';
import { type OfflineKey, signOffline } from './offline-key.js';
import type { NamedKey } from './public-key-file.js';

/** Something that signs for one of the people who sign: a key in a file of theirs, or in their key vault. */
export interface Signer extends NamedKey {
  /** The file or the URI, as it was given. */
  readonly label: string;
  sign(bytes: Uint8Array): Promise<Signature>;
}

export function fileSigner(offlineKey: OfflineKey): Signer {
  const { keyid, key, file } = offlineKey;
  return { keyid, key, label: file, sign: (bytes) => signOffline(offlineKey, bytes) };
}
