import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { CommandError, EXIT } from './command-error.js';

/** Writes a file that must not be there yet. */
export async function writeNewFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(file);
    throw error;
  }
}

export async function writeNewJson(file: string, value: unknown): Promise<void> {
  await writeNewFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Refuses before anything is done, rather than half-way. */
export async function assertNotThere(file: string): Promise<void> {
  const isThere = await access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
  if (isThere) throw alreadyThere(file);
}

function alreadyThere(file: string): CommandError {
  return new CommandError(EXIT.failed, `${file} is there already and is not overwritten`, [
    'Move it away, or name another file.',
  ]);
}
