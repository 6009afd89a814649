import { TufError } from './errors.js';

/** The name of a top-level or delegated role; becomes part of file names, so it is allow-listed. */
export type RoleName = string & { readonly brand: 'RoleName' };

const ROLE_NAME = /^[a-z0-9](?:[a-z0-9_.-]{0,126}[a-z0-9])?$/;

export function parseRoleName(text: string, field = 'role'): RoleName {
  if (!ROLE_NAME.test(text) || text.includes('..')) {
    throw new TufError(
      'role-name-invalid',
      `${field} must be 1 to 128 of a-z, 0-9, "_", "." and "-", starting and ending with a letter or digit`,
      field,
    );
  }
  if (/^\d+$/.test(text)) {
    // tuf-js keeps delegated roles in an object, which puts numbers first, and then refuses the delegator's signature.
    throw new TufError('role-name-invalid', `${field} must not be a number`, field);
  }
  return text as RoleName;
}

export const ROOT = 'root' as RoleName;
export const TARGETS = 'targets' as RoleName;
export const SNAPSHOT = 'snapshot' as RoleName;
export const TIMESTAMP = 'timestamp' as RoleName;

/** The name of a role's file in snapshot and timestamp. */
export function metaFileName(role: RoleName): string {
  return `${role}.json`;
}
