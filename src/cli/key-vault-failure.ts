import { EnvironmentError } from '../environment.js';
import { KeyUriError, KeyVaultError, KeyVaultUnavailableError } from '../key-vaults/key-vault.js';
import { CommandError, EXIT, usageError } from './command-error.js';

/** What a failure of a key vault means to whoever signs with it; null for other failures. */
export function keyVaultFailure(error: unknown): CommandError | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof EnvironmentError) return usageError(error.message);
  if (error instanceof KeyUriError) return usageError(`the key URI ${error.message}`);
  if (error instanceof KeyVaultUnavailableError) return new CommandError(EXIT.unreachable, error.message);
  return error instanceof KeyVaultError ? new CommandError(EXIT.failed, error.message) : null;
}
