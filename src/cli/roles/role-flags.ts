import { InvalidArgumentError } from 'commander';
import type { ConfirmationFlags } from '../confirmation.js';
import type { PassphraseFlags } from '../keys/passphrase.js';

/** What can be said of a delegated role. */
export interface RoleFlags extends PassphraseFlags, ConfirmationFlags {
  readonly repository: string;
  readonly path?: readonly string[];
  readonly pathHashPrefix?: readonly string[];
  readonly anyPath?: boolean;
  readonly key?: readonly string[];
  readonly threshold?: number;
  readonly terminating?: boolean;
  readonly position?: number;
  readonly expiryDays?: number;
  readonly wait: number;
}

/** Every sha256 starts with it; all clients agree on that, and on no other way to say any path. */
const ANY_HASH = [''];

/** The part of a request that the flags decide; what they leave out is left out. */
export function roleFields(flags: RoleFlags, keys: readonly unknown[]): object {
  const { path, pathHashPrefix, anyPath, threshold, terminating, position, expiryDays } = flags;
  return {
    ...(path && { paths: path }),
    ...(pathHashPrefix && { pathHashPrefixes: pathHashPrefix }),
    ...(anyPath && { pathHashPrefixes: ANY_HASH }),
    ...(keys.length > 0 && { keys }),
    ...(threshold !== undefined && { threshold }),
    ...(terminating !== undefined && { terminating }),
    ...(position !== undefined && { position: position - 1 }),
    ...(expiryDays !== undefined && { expiry: { days: expiryDays } }),
  };
}

/** People count from 1. */
export function parsePosition(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on; clients look into the first role first.');
}
