import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, link, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { binariesIn } from './binaries.js';
import { hasCode } from './error-codes.js';
import { processIsAlive } from './postmaster-process.js';
import { dataFolderArgument, giveTo, runAs, type ServerUser } from './server-user.js';

const oldEnoughToDiscard = 10 * 60_000;

/** A cluster is there as a whole or not at all: it is made beside its place, and renamed into it. */
export async function isInitialised(cluster: string): Promise<boolean> {
  return access(join(cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** The password of the cluster beside it; made up, once, before the first cluster is initialised. */
export async function passwordFor(cluster: string): Promise<string> {
  const file = join(dirname(cluster), 'postgres.password');
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  if (await isInitialised(cluster))
    throw new Error(`${file} is missing: without it the cluster beside it cannot be used`);

  const fresh = `${file}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(fresh, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // unlike a rename, a link never replaces what a concurrent start has put there
    await link(fresh, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  await rm(fresh);
  await syncFolder(dirname(file));
  return (await readFile(file, 'utf8')).trim();
}

export async function initialiseCluster(
  cluster: string,
  nativeFolder: string,
  user: ServerUser,
  password: string,
): Promise<void> {
  const draft = await mkdtemp(`${cluster}.new-${process.pid}-`);
  try {
    await writeFile(join(draft, 'password'), password, { mode: 0o600 });
    await mkdir(join(draft, 'cluster'), { mode: 0o700 });
    await giveTo(user, draft);
    await runInitdb(join(draft, 'cluster'), nativeFolder, user);
    await moveInto(cluster, join(draft, 'cluster'));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(folder: string, nativeFolder: string, user: ServerUser): Promise<void> {
  const args = [
    `--pgdata=${dataFolderArgument(user, folder)}`,
    '--username=postgres',
    // relative to the working folder, which is the new cluster
    '--pwfile=../password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // the same order and case rules on every system, whatever its C library
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--set=timezone=UTC',
    '--set=log_timezone=UTC',
  ];
  const initdb = spawn(binariesIn(nativeFolder).initdb, args, runAs(user, folder));
  const output: string[] = [];
  initdb.stdout?.on('data', (text) => output.push(String(text)));
  initdb.stderr?.on('data', (text) => output.push(String(text)));
  await new Promise<void>((resolve, reject) => {
    initdb.once('error', (cause) => reject(new Error(`cannot run initdb in ${folder}`, { cause })));
    initdb.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const lastLines = output.join('').trim().split('\n').slice(-10).join('\n');
      reject(new Error(`initdb failed in ${folder} (${signal ?? `exit code ${code}`}):\n${lastLines}`));
    });
  });
}

async function moveInto(cluster: string, initialised: string): Promise<void> {
  try {
    await rename(initialised, cluster);
  } catch (error) {
    // a concurrent start was faster: its cluster has the same password, and ours is still empty
    if (!(await isInitialised(cluster))) throw error;
  }
  await syncFolder(dirname(cluster));
}

/** Removes what starts that were killed half-way left behind; a draft of a start that still runs stays. */
export async function discardAbandonedDrafts(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of await readdir(dirname(cluster))) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(dirname(cluster), name);
    const { mtimeMs } = await lstat(draft).catch(() => ({ mtimeMs: 0 }));
    // in containers a process id says little: the next start often has the same
    const isAbandoned =
      !processIsAlive(Number.parseInt(name.slice(prefix.length), 10)) || Date.now() - mtimeMs > oldEnoughToDiscard;
    // an initdb that outlived its parent may still write; what remains is removed the next time
    if (isAbandoned) await rm(draft, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
