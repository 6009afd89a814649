import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ParallelBound } from '../parallel-bound.js';
import type { Signed, SignedMetadata } from '../tuf/metadata.js';

/** How the bytes of a metadata version are stored; the names are those of HTTP's content codings. */
export const ENCODINGS = ['gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface StoredBytes {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

const WORTH_COMPRESSING_BYTES = 1_024;
/** Metadata is mostly hex and names: more effort takes twice the time for a twentieth less. */
const LEVEL = 1;
/** Above the number of libuv's threads more at once is not faster, and takes 256 KiB each. */
const threads = new ParallelBound(8);

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Compressed where that is worth it. */
export async function pack(plain: Uint8Array): Promise<StoredBytes> {
  if (plain.length < WORTH_COMPRESSING_BYTES) return { encoding: 'identity', bytes: Buffer.from(plain) };
  return { encoding: 'gzip', bytes: await threads.run(() => compress(plain, { level: LEVEL })) };
}

/** The bytes as they were signed. */
export async function unpack({ encoding, bytes }: StoredBytes): Promise<Buffer> {
  return encoding === 'gzip' ? threads.run(() => decompress(bytes)) : bytes;
}

// Our own bytes: they were checked as a client would before they were stored.
export async function unpackMetadata<T extends Signed>(stored: StoredBytes): Promise<SignedMetadata<T>> {
  return JSON.parse((await unpack(stored)).toString('utf8'));
}
