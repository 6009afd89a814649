import { InvalidArgumentError } from 'commander';
import type { Key } from '../../tuf/key.js';
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
  readonly first?: boolean;
  readonly last?: boolean;
  readonly expiryDays?: number;
  readonly wait: number;
}

/** The part of a request that says it; what is left out stays as it is. */
export interface RoleFields {
  readonly paths?: readonly string[];
  readonly pathHashPrefixes?: readonly string[];
  readonly keys?: readonly (string | Key)[];
  readonly threshold?: number;
  readonly terminating?: boolean;
  readonly position?: number;
  readonly expiry?: { readonly days: number };
}

/** Every sha256 starts with it; all clients agree on that, and on no other way to say any path. */
export const ANY_HASH = [''];

/** The service puts a role with a place beyond the others behind the last of them. */
export const LAST_PLACE = 1_000_000;

export function roleFields(flags: RoleFlags, keys: readonly (string | Key)[]): RoleFields {
  const { path, pathHashPrefix, anyPath, threshold, terminating, expiryDays } = flags;
  const position = placeOf(flags);
  return {
    ...(path && { paths: path }),
    ...(pathHashPrefix && { pathHashPrefixes: pathHashPrefix }),
    ...(anyPath && { pathHashPrefixes: ANY_HASH }),
    ...(keys.length > 0 && { keys }),
    ...(threshold !== undefined && { threshold }),
    ...(terminating !== undefined && { terminating }),
    ...(position !== undefined && { position }),
    ...(expiryDays !== undefined && { expiry: { days: expiryDays } }),
  };
}

/** People count from 1. */
export function parsePosition(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on; clients look into the first role first.');
}

function placeOf({ position, first, last }: RoleFlags): number | undefined {
  if (first) return 0;
  if (last) return LAST_PLACE;
  return position === undefined ? undefined : position - 1;
}

export function describePrefix(prefix: string): string {
  return prefix === '' ? 'any path' : `hash ${prefix}…`;
}
