import type { JWTPayload } from 'jose';
import { matchesStars } from '../../rights/stars.js';

/** For each claim the values that it may have; in a value `*` stands for any characters. */
export type ClaimRules = Readonly<Record<string, readonly string[]>>;

/** Whether the token has every one of these claims with one of its values. */
export function fits(rules: ClaimRules, claims: JWTPayload): boolean {
  return Object.entries(rules).every(([name, patterns]) => {
    const values = Object.hasOwn(claims, name) ? textsOf(claims[name]) : [];
    return values.some((value) => patterns.some((pattern) => matchesStars(pattern, value)));
  });
}

/** Issuers write numbers and booleans now as such, now as text; of a list any item will do. Objects are not compared. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (Array.isArray(item) ? [] : textsOf(item)));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}
