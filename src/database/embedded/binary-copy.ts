import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { binariesIn } from './binaries.js';
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

  const fresh = await mkdtemp(`${copy}.new-`);
  await cp(installed, fresh, { recursive: true, verbatimSymlinks: true });
  await openToAll(fresh);
  await putInPlace(fresh, copy, installed);
  if (await isFaithfulCopy(installed, copy)) return copy;
  throw new Error(`${copy} is not the copy of the PostgreSQL binaries that was put there; remove it and start again`);
}

/** A temporary folder in which no other user can rename what is ours. */
async function sharedFolder(): Promise<string> {
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    const found = await stat(folder).catch(() => undefined);
    const isSticky = ((found?.mode ?? 0) & 0o1000) !== 0;
    if (found && isOpenToAll(found) && found.uid === 0 && (isSticky || !isWritableByOthers(found))) return folder;
  }
  throw new Error('no temporary folder that another user can read, to run PostgreSQL from; set TMPDIR or DATABASE_URL');
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
  const inTheWay = await lstat(copy).catch(() => undefined);
  // only moved away when root made it: deleting in a folder of someone else can be led astray
  if (inTheWay && inTheWay.uid !== 0) throw new Error(`${copy} belongs to user id ${inTheWay.uid}; remove it`);
  const old = `${fresh}.old`;
  if (inTheWay && !(await isFaithfulCopy(installed, copy))) await rename(copy, old);
  try {
    await rename(fresh, copy);
  } catch (error) {
    // another start was faster
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
  for (const leftover of [fresh, old]) await rm(leftover, { recursive: true, force: true });
}
