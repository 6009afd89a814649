/** Every reason for which the core refuses something; stable, part of the HTTP API. */
export type TufErrorCode =
  | 'artifact-invalid'
  | 'artifact-path-invalid'
  | 'artifact-length-invalid'
  | 'artifact-hashes-invalid'
  | 'artifact-custom-invalid'
  | 'artifact-unknown'
  | 'artifact-path-not-delegated'
  | 'artifact-path-ambiguous'
  | 'artifacts-stranded'
  | 'path-pattern-invalid'
  | 'settings-invalid'
  | 'role-name-invalid'
  | 'role-unknown'
  | 'role-exists'
  | 'role-name-reserved'
  | 'role-edit-invalid'
  | 'role-signed-online'
  | 'precondition-failed'
  | 'metadata-malformed'
  | 'metadata-expired'
  | 'metadata-expiry-absurd'
  | 'metadata-version-wrong'
  | 'key-invalid'
  | 'key-id-wrong'
  | 'key-duplicated'
  | 'key-too-weak'
  | 'threshold-invalid'
  | 'signature-foreign'
  | 'signature-invalid'
  | 'signature-repeated'
  | 'signatures-missing'
  | 'online-key-missing'
  | 'sigstore-not-configured'
  | 'repository-not-ready'
  | 'repository-went-back'
  | 'signing-event-closed'
  | 'client-would-refuse'
  | 'change-rejected'
  | 'approval-expired'
  | 'change-unpublishable';

/** A refusal by the rules of TUF: a stable code, a sentence a user can act on, and the field at fault where there is one. */
export class TufError extends Error {
  override readonly name = 'TufError';

  constructor(
    readonly code: TufErrorCode,
    message: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
