import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { usageError } from '../command-error.js';

export interface LocalFile {
  readonly file: string;
  readonly artifactPath: string;
  /** Bytes, as the file system says. */
  readonly size: number;
}

export interface PathRules {
  readonly prefix?: string;
  readonly base?: string;
}

/** The files named, and those in the folders named, each with the path under which clients will ask for it. */
export async function findLocalFiles(
  named: readonly string[],
  rules: PathRules,
  warn: (text: string) => void,
): Promise<LocalFile[]> {
  const found: LocalFile[] = [];
  for (const name of named) {
    const { isFolder, size } = await look(name);
    if (isFolder) found.push(...(await filesIn(name, rules, warn)));
    else found.push({ file: name, artifactPath: artifactPathOf(name, null, rules), size });
  }
  assertDistinct(found);
  return found;
}

/** Prefix, then the path relative to the base, to the folder given, or else the file's own name; in normal form C. */
export function artifactPathOf(file: string, folder: string | null, { prefix = '', base }: PathRules): string {
  const start = base ?? folder;
  const path = start === null ? basename(file) : relative(start, file);
  const segments = path.split(sep);
  if (segments[0] === '..' || path === '') throw usageError(`${file} is not below ${start}`);
  const inside = segments.join('/');
  return (prefix === '' || prefix.endsWith('/') ? prefix + inside : `${prefix}/${inside}`).normalize('NFC');
}

async function filesIn(folder: string, rules: PathRules, warn: (text: string) => void): Promise<LocalFile[]> {
  const found: LocalFile[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const { isFolder, size } = await look(file);
    if (isFolder) warn(`${file} is a link to a folder and is left out`);
    else found.push({ file, artifactPath: artifactPathOf(file, folder, rules), size });
  }
  return found.sort((left, right) => (left.artifactPath < right.artifactPath ? -1 : 1));
}

async function look(path: string): Promise<{ isFolder: boolean; size: number }> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return { isFolder: true, size: 0 };
  if (found?.isFile()) return { isFolder: false, size: found.size };
  const isLink = (await lstat(path).catch(() => null))?.isSymbolicLink();
  const reason = isLink ? 'is a link to nothing' : found ? 'is neither a file nor a folder' : 'does not exist';
  throw usageError(`${path} ${reason}`);
}

function assertDistinct(files: readonly LocalFile[]): void {
  const byPath = new Map<string, string>();
  for (const { file, artifactPath } of files) {
    const other = byPath.get(artifactPath);
    if (other !== undefined) {
      throw usageError(`${other} and ${file} would both become ${artifactPath}`, 'Tell them apart with --base FOLDER.');
    }
    byPath.set(artifactPath, file);
  }
}
