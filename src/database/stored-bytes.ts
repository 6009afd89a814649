import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ParallelBound } from '../parallel-bound.js';
import type { Signed, SignedMetadata } from '../tuf/metadata.js';
import { type Compressible, STORED_COMPRESSED_FROM_BYTES } from '../tuf/sizing/compression.js';

/** How the bytes of a metadata version are stored; the names are those of HTTP's content codings. */
export const ENCODINGS = ['gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface StoredBytes {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

const WORTH_SENDING_COMPRESSED_BYTES = 1_024;
/** Metadata is mostly hex and names: more effort takes twice the time for a twentieth less. */
const LEVEL = 1;
/** Above the number of libuv's threads more at once is not faster, and takes 256 KiB each. */
const threads = new ParallelBound(8);

/** A file in one chunk goes to a thread and back once; in the usual ones of 16 KiB, a snapshot waits for the event loop 35 times. */
const MINIMUM_CHUNK_BYTES = 64;
const MAXIMUM_CHUNK_BYTES = 67_108_864;
/** The end of a gzip file says how long its content is (RFC 1952, ISIZE). */
const ISIZE_BYTES = 4;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Where that is worth it. For small files it takes more time than PostgreSQL needs to write the difference: a bin is stored
 * as it is, a snapshot of many bins is not.
 */
export function isStoredCompressed(plain: Uint8Array, what: Compressible): boolean {
  return plain.length >= STORED_COMPRESSED_FROM_BYTES[what];
}

export function storedAsItIs({ buffer, byteOffset, byteLength }: Uint8Array): StoredBytes {
  return { encoding: 'identity', bytes: Buffer.from(buffer, byteOffset, byteLength) };
}

/** What was stored as it is, compressed where that is worth it on the way to a client. */
export async function packToSend<Stored extends StoredBytes>(stored: Stored): Promise<Stored> {
  const { encoding, bytes } = stored;
  if (encoding !== 'identity' || bytes.length < WORTH_SENDING_COMPRESSED_BYTES) return stored;
  return { ...stored, ...(await storedCompressed(bytes)) };
}

export async function storedCompressed(plain: Uint8Array): Promise<StoredBytes> {
  const chunkSize = Math.max(MINIMUM_CHUNK_BYTES, plain.length);
  const packed = await threads.run(() => compress(plain, { level: LEVEL, chunkSize }));
  return { encoding: 'gzip', bytes: Buffer.from(packed) }; // without the rest of the chunk
}

/** The bytes as they were signed. */
export async function unpack({ encoding, bytes }: StoredBytes): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  const size = bytes.readUInt32LE(bytes.length - ISIZE_BYTES);
  const chunkSize = Math.max(MINIMUM_CHUNK_BYTES, Math.min(size, MAXIMUM_CHUNK_BYTES) + 1);
  return threads.run(() => decompress(bytes, { chunkSize }));
}

// Our own bytes: they were checked as a client would before they were stored.
export async function unpackMetadata<T extends Signed>(stored: StoredBytes): Promise<SignedMetadata<T>> {
  return JSON.parse((await unpack(stored)).toString('utf8'));
}
