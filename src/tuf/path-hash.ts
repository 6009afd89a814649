import { hash } from 'node:crypto';

/** One change of an artifact asks for the hash of its path a dozen times. */
const REMEMBERED = 50_000;
const remembered = new Map<string, string>();

/** Hex sha256 of a path, as `path_hash_prefixes` are compared with (specification 4.5). */
export function pathHash(path: string): string {
  const known = remembered.get(path);
  if (known) return known;
  if (remembered.size === REMEMBERED) remembered.clear();
  const hex = hash('sha256', path);
  remembered.set(path, hex);
  return hex;
}
