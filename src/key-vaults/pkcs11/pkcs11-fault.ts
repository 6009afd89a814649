import { KeyVaultError, KeyVaultUnavailableError } from '../key-vault.js';

/** Return values after which a new session may work: what was removed, restarted, or forgot us (PKCS #11 5.1). */
const LOST = [0x02, 0x03, 0x05, 0x06, 0x30, 0x31, 0x32, 0x60, 0x82, 0x90, 0xb0, 0xb1, 0xb3, 0xe0, 0xe1, 0x101, 0x190];
const PIN_REFUSED = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4];

export function returnValueOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}

/** The PIN was wrong, or too many were: trying again could lock the token for good. */
export function isPinRefused(error: unknown): boolean {
  return PIN_REFUSED.includes(returnValueOf(error) ?? 0);
}

/** An error of the module or about its token, told of `subject`; the module's messages are names of return values. */
export function pkcs11Fault(subject: string, error: unknown): KeyVaultError {
  const message = `${subject}: ${error instanceof Error ? error.message.split('\n')[0] : 'the module failed'}`;
  const mayHeal = error instanceof KeyVaultUnavailableError || LOST.includes(returnValueOf(error) ?? 0);
  return mayHeal ? new KeyVaultUnavailableError(message) : new KeyVaultError(message);
}
