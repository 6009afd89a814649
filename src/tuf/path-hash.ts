import { hash } from 'node:crypto';

/** A revision asks for the hash of the path of each artifact half a dozen times. */
const REMEMBERED = 500_000;
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

/** Once a revision is out: the next one has other artifacts. */
export function forgetPathHashes(): void {
  remembered.clear();
}
