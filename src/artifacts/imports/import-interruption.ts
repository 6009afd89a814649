/** Ends an import before its end; what came before goes in. */
export class ImportInterruption extends Error {
  override readonly name = 'ImportInterruption';

  constructor(
    /** Whether the caller can be told, and whose fault it is. */
    readonly kind: 'client-gone' | 'body-broken' | 'service-stopping' | 'service-failed' | 'taken-for-gone',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
