/** Files smaller than this are stored as they are. */
export const STORED_COMPRESSED_FROM_BYTES = 16_384;

/**
 * What is left of a file with gzip, roughly: names and versions of snapshot repeat, hashes do not. Sizes without it are
 * exact, these are not; nothing is reckoned with them but what clients download and what the database stores.
 */
export const GZIP_LEAVES = { snapshot: 0.14, listing: 0.38, other: 0.6 } as const;

export type Compressible = keyof typeof GZIP_LEAVES;

export function bytesOnTheWire(bytes: number, what: Compressible, isCompressed: boolean): number {
  return isCompressed ? bytes * GZIP_LEAVES[what] : bytes;
}

export function bytesStored(bytes: number, what: Compressible): number {
  return bytesOnTheWire(bytes, what, bytes >= STORED_COMPRESSED_FROM_BYTES);
}
