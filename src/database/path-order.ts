import { hash } from 'node:crypto';

const BYTES = 6;

/**
 * The place of a path in the order of hash bins, whatever their number: the leading 48 bits of its sha256, by which every
 * kind of bin goes. Few paths share one.
 */
export function pathOrder(path: string): number {
  return hash('sha256', path, 'buffer').readUIntBE(0, BYTES);
}
