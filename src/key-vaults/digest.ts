import { createHash } from 'node:crypto';
import type { KeyScheme } from '../tuf/key.js';

/** The hash that a scheme signs; null where it signs the message itself. */
export function hashOf(scheme: KeyScheme): 'sha256' | 'sha384' | null {
  switch (scheme) {
    case 'ed25519':
      return null;
    case 'ecdsa-sha2-nistp384':
      return 'sha384';
    case 'ecdsa-sha2-nistp256':
    case 'rsassa-pss-sha256':
      return 'sha256';
    default:
      return scheme satisfies never;
  }
}

/** What a vault is sent to sign: the digest where the scheme has one, so that no limit on the message's size applies. */
export function inputFor(scheme: KeyScheme, bytes: Uint8Array): Buffer {
  const hash = hashOf(scheme);
  return hash === null ? Buffer.from(bytes) : createHash(hash).update(bytes).digest();
}
