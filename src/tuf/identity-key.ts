import { TufError } from './errors.js';
import { type Fields, readString } from './fields.js';

/**
 * A person or workflow in place of a key: who holds the identity gets a certificate for a few minutes from Sigstore's
 * Fulcio and signs with it. Not of the specification; the form is that of python securesystemslib.
 */
export interface IdentityKey {
  readonly keytype: typeof IDENTITY_KEY_TYPE;
  readonly scheme: typeof IDENTITY_SCHEME;
  readonly keyval: {
    /** Exactly as in the certificate: an e-mail address, or the URL of a workflow with its ref. */
    readonly identity: string;
    /** Who vouches for the identity: the URL of an OpenID provider. */
    readonly issuer: string;
  };
}

export const IDENTITY_KEY_TYPE = 'sigstore-oidc';
export const IDENTITY_SCHEME = 'Fulcio';

/** Whether `bundle` is a signature of `bytes` by the identity; false, never an error, whatever the bundle holds. */
export type IdentityVerifier = (key: IdentityKey, bytes: Uint8Array, bundle: object) => boolean;

/** @throws TufError `key-invalid` or `metadata-malformed`. */
export function assertIdentity(keyval: Fields, field: string): void {
  readAscii(keyval.identity, `${field}.identity`);
  const issuer = readAscii(keyval.issuer, `${field}.issuer`);
  if (URL.parse(issuer)?.protocol === 'https:') return;
  throw new TufError('key-invalid', `${field}.issuer must be an https URL`, `${field}.issuer`);
}

// Certificates have e-mail addresses and URLs in ASCII; other letters could only look like what signers expect to see.
function readAscii(value: unknown, field: string): string {
  const text = readString(value, field);
  if (/^[ -~]+$/.test(text)) return text;
  throw new TufError('key-invalid', `${field} must be printable ASCII`, field);
}

/** Two identity keys are the same when they name the same identity of the same issuer. */
export function identityMaterial({ keyval: { identity, issuer } }: IdentityKey): string {
  return JSON.stringify([IDENTITY_KEY_TYPE, issuer, identity]);
}
