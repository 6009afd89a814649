import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface FileDigest {
  readonly length: number;
  readonly hashes: { readonly sha256: string; readonly sha512: string };
}

const MAXIMUM_CHUNK_BYTES = 1_048_576;
const MINIMUM_CHUNK_BYTES = 4_096;

/** Reads the file once, in pieces fit for its size; the length is that of the bytes that were hashed. */
export async function hashFile(file: string, size: number, onBytes: (count: number) => void): Promise<FileDigest> {
  const sha256 = createHash('sha256');
  const sha512 = createHash('sha512');
  const highWaterMark = Math.max(MINIMUM_CHUNK_BYTES, Math.min(size, MAXIMUM_CHUNK_BYTES));
  let length = 0;
  for await (const chunk of createReadStream(file, { highWaterMark }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    sha512.update(chunk);
    length += chunk.length;
    onBytes(chunk.length);
  }
  return { length, hashes: { sha256: sha256.digest('hex'), sha512: sha512.digest('hex') } };
}
