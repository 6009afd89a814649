import { parseRoleName, type RoleName, TIMESTAMP } from '../tuf/role-name.js';

export interface FileName {
  readonly role: RoleName;
  readonly version: number;
}

/** What the file name of a consistent snapshot asks for, or null where it is none. */
export function parseFileName(name: string): FileName | null {
  const match = /^([1-9]\d{0,9})\.(.{1,128})\.json$/.exec(name);
  const version = Number(match?.[1]);
  if (!match?.[2] || version > 2_147_483_647) return null;
  try {
    const role = parseRoleName(match[2]);
    return role === TIMESTAMP ? null : { role, version };
  } catch {
    return null; // a name that no role can have
  }
}
