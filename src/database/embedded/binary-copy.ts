import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { binariesIn, exists } from './binaries.js';
import { hasCode } from './error-codes.js';
import { runAs, type ServerUser } from './server-user.js';

const run = promisify(execFile);

/** The binaries where the user can run them: as installed, or else (a clone below /root) from a copy open to all. */
export async function binariesFor(user: ServerUser, installed: string): Promise<string> {
  if (!user || (await failureToRun(user, installed)) === undefined) return installed;
  const copy = await copyOpenToAll(installed);
  const failure = await failureToRun(user, copy);
  if (failure === undefined) return copy;
  throw new Error(`user id ${user.uid} cannot run PostgreSQL from ${copy}; set DATABASE_URL`, { cause: failure });
}

/** Trying is surer than reading permissions: it meets access lists, noexec mounts and missing libraries too. */
async function failureToRun(user: ServerUser, nativeFolder: string): Promise<unknown> {
  const { cwd, env, uid, gid } = { ...runAs(user, '/'), ...user };
  return run(binariesIn(nativeFolder).postgres, ['--version'], { cwd, env, uid, gid }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function copyOpenToAll(installed: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(installed), 'package.json'), 'utf8'));
  const parent = await sharedFolder();
  const copy = join(parent, `trs-postgresql-${version}-${process.platform}-${process.arch}`);
  if (await isFaithfulCopy(installed, copy)) return copy;

  const inTheWay = await lstat(copy).catch(() => undefined);
  // what root did not make is not cleared away either: deleting in a folder of someone else can be led astray
  if (inTheWay && inTheWay.uid !== 0) throw new Error(`${copy} belongs to user id ${inTheWay.uid}; remove it`);
  const draft = await mkdtemp(`${copy}.new-`);
  try {
    const fresh = join(draft, 'native');
    await cp(installed, fresh, { recursive: true, verbatimSymlinks: true });
    await openToAll(fresh);
    await putInPlace(fresh, copy, installed);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (await isFaithfulCopy(installed, copy)) return copy;
  throw new Error(`${copy} is not the copy of the PostgreSQL binaries that was put there; remove it and start again`);
}

/** A temporary folder in which no other user can rename what is ours. */
async function sharedFolder(): Promise<string> {
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    const path = await realpath(folder).catch(() => undefined);
    if (path !== undefined && (await isSafelyShared(path))) return path;
  }
  throw new Error('no temporary folder that another user can read, to run PostgreSQL from; set TMPDIR or DATABASE_URL');
}

/** Whether everyone may pass this folder and all above it, and only root can rename what root puts there. */
async function isSafelyShared(folder: string): Promise<boolean> {
  const found = await stat(folder);
  const isSticky = (found.mode & 0o1000) !== 0;
  if (found.uid !== 0 || (found.mode & 0o001) === 0 || (isWritableByOthers(found) && !isSticky)) return false;
  return folder === dirname(folder) || isSafelyShared(dirname(folder));
}

/** Whether the copy is root's alone and complete; cleaners of temporary folders take single files away. */
async function isFaithfulCopy(original: string, copy: string): Promise<boolean> {
  const names = ['', ...(await readdir(original, { recursive: true }))];
  const [ours, theirs] = await Promise.all([original, copy].map((folder) => statEach(folder, names)));
  return names.every((_, index) => isSame(ours?.[index], theirs?.[index]));
}

function statEach(folder: string, names: readonly string[]): Promise<(Stats | undefined)[]> {
  return Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => undefined)));
}

function isSame(original: Stats | undefined, copy: Stats | undefined): boolean {
  if (!original || !copy || copy.uid !== 0) return false;
  if (original.isSymbolicLink()) return copy.isSymbolicLink();
  if (isWritableByOthers(copy) || !isOpenToAll(copy)) return false;
  return original.isDirectory() ? copy.isDirectory() : copy.isFile() && copy.size === original.size;
}

function isWritableByOthers({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}

function isOpenToAll(found: Stats): boolean {
  const needed = found.isDirectory() ? 0o005 : 0o004;
  return (found.mode & needed) === needed;
}

async function openToAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
}

async function putInPlace(fresh: string, copy: string, installed: string): Promise<void> {
  const isBroken = (await exists(copy)) && !(await isFaithfulCopy(installed, copy));
  if (isBroken) await rename(copy, `${fresh}.old`);
  try {
    await rename(fresh, copy);
  } catch (error) {
    // another start was faster
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
