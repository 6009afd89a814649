import { readFileSync } from 'node:fs';
import { EnvironmentError } from '../environment.js';
import type { IdentityVerifier } from '../tuf/identity-key.js';
import { sigstoreVerifier } from './sigstore-verifier.js';

/** @throws EnvironmentError when the file cannot be read, or trusts nothing. */
export function verifierFromFile(file: string): IdentityVerifier {
  try {
    return sigstoreVerifier(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new EnvironmentError(`TRS_SIGSTORE_TRUSTED_ROOT: ${file} is not a Sigstore trusted root: ${reason}`, {
      cause,
    });
  }
}
