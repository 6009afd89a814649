import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file that only its owner may read (0600, in a 0700 folder), durable when this returns and never seen half
 * written. @throws Error `EEXIST` when there is such a file: a secret is never overwritten.
 */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${basename(path)}.${process.pid}.new`);
  try {
    await writeDurably(draft, text);
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

/** What a secret file holds, and whether only its owner may read it. */
export async function readSecretFile(path: string): Promise<{ readonly text: string; readonly isPrivate: boolean }> {
  const { mode } = await stat(path);
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0; // modes say nothing there
  return { text: await readFile(path, 'utf8'), isPrivate };
}

async function writeDurably(path: string, text: string): Promise<void> {
  await rm(path, { force: true }); // left by a process that was killed
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
