import type { FileHandle } from 'node:fs/promises';
import { open, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

const rotateAt = 10 * 1024 * 1024;
const nearlyFull = 32 * 1024 * 1024;
const linesShown = 15;

/** Opens the server's log for appending; one that has grown large is put aside as `.old`. */
export async function openServerLog(file: string): Promise<FileHandle> {
  if ((await sizeOf(file)) > rotateAt) await rename(file, `${file}.old`);
  return open(file, 'a', 0o600);
}

export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The last lines written since the log had this size, and the reason that a log on a full disk cannot hold. */
export async function lastWords(file: string, since: number): Promise<string> {
  const log = await open(file, 'r');
  try {
    const from = Math.max(since, (await log.stat()).size - 64 * 1024);
    const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(64 * 1024), position: from });
    const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-linesShown);
    return [...lines, ...(await fullDisk(file))].join('\n').trim();
  } finally {
    await log.close();
  }
}

async function fullDisk(file: string): Promise<readonly string[]> {
  const { bavail, bsize } = await statfs(dirname(file));
  return bavail * bsize < nearlyFull ? [`the disk of ${dirname(file)} is full: ${bavail * bsize} bytes are free`] : [];
}
