import { TufError } from './errors.js';

/** Readers for one field of untrusted JSON; each names the field and the rule when it refuses. */
export type Fields = Readonly<Record<string, unknown>>;

export function readObject(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'must be an object');
  return value as Fields;
}

export function readArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(field, 'must be an array');
  return value;
}

export function readString(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw malformed(field, 'must be a non-empty string');
  return value;
}

export function readInteger(value: unknown, field: string, minimum: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
    throw malformed(field, `must be an integer of at least ${minimum} and at most 2^53-1`);
  }
  return value;
}

export function malformed(field: string, rule: string): TufError {
  return new TufError('metadata-malformed', `${field} ${rule}`, field);
}
