import { ambiguousPairs } from './ambiguous-order.js';

/**
 * What keeps JSON from being stored or signed alike by everyone, or null: text that is no valid Unicode, holds NUL
 * (PostgreSQL) or is not in normal form C (tough normalises), and names that clients sort differently or lose (see ADR 0006).
 */
export function unportableReason(value: unknown): string | null {
  if (typeof value === 'string') return unportableText(value);
  if (typeof value !== 'object' || value === null) return null;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const reason = firstReason(names, unportableText) ?? unportableNames(names);
  return reason ?? firstReason(Object.values(value), unportableReason);
}

function firstReason<T>(values: readonly T[], reasonOf: (value: T) => string | null): string | null {
  for (const value of values) {
    const reason = reasonOf(value);
    if (reason !== null) return reason;
  }
  return null;
}

function unportableText(text: string): string | null {
  const isPortable = text.isWellFormed() && text === text.normalize('NFC') && !text.includes('\0');
  return isPortable ? null : 'must hold valid Unicode in normal form C, without NUL';
}

function unportableNames(names: readonly string[]): string | null {
  if (names.includes('__proto__')) return 'must not have a field "__proto__"';
  return ambiguousPairs(names).length > 0 ? 'has names that TUF clients would sort differently' : null;
}
