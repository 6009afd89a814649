/**
 * What is left of a file with gzip, roughly: names and versions of snapshot repeat, hashes do not. Sizes without it are
 * exact, these are not; nothing but what clients download is reckoned with them.
 */
export const GZIP_LEAVES = { snapshot: 0.12, listing: 0.38, other: 0.6 } as const;

export type Compressible = keyof typeof GZIP_LEAVES;

export function bytesOnTheWire(bytes: number, what: Compressible, isCompressed: boolean): number {
  return isCompressed ? bytes * GZIP_LEAVES[what] : bytes;
}
