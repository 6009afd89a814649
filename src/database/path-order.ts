import { pathHash } from '../tuf/path-hash.js';

const HEX_DIGITS = 12;

/**
 * The place of a path in the order of hash bins, whatever their number: the leading 48 bits of its sha256, by which every
 * kind of bin goes. Few paths share one.
 */
export function pathOrder(path: string): number {
  return Number.parseInt(pathHash(path).slice(0, HEX_DIGITS), 16);
}
