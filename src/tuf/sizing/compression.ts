/**
 * What is left of a file with gzip, roughly: names and versions of snapshot repeat, hashes do not. Sizes without it are
 * exact, these are not; nothing is reckoned with them but what clients download and what the database stores.
 */
export const GZIP_LEAVES = { snapshot: 0.14, listing: 0.38, other: 0.6 } as const;

export type Compressible = keyof typeof GZIP_LEAVES;

/** Smaller files are stored as they are: a bin, of which a revision may bring thousands, also when it lists a few hundred. */
export const STORED_COMPRESSED_FROM_BYTES = {
  snapshot: 16_384,
  listing: 65_536,
  other: 65_536,
} as const satisfies Record<Compressible, number>;

export function bytesOnTheWire(bytes: number, what: Compressible, isCompressed: boolean): number {
  return isCompressed ? bytes * GZIP_LEAVES[what] : bytes;
}

export function bytesStored(bytes: number, what: Compressible): number {
  return bytesOnTheWire(bytes, what, bytes >= STORED_COMPRESSED_FROM_BYTES[what]);
}
