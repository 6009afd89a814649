import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lchown, lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whom PostgreSQL runs as when this process is root, which PostgreSQL refuses; undefined means as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/** The owner of the cluster where there is one already, else an unprivileged user of the system. */
export async function serverUser(cluster: string): Promise<ServerUser> {
  const ourUid = process.getuid?.();
  if (ourUid === undefined) return undefined;
  const owner = await lstat(cluster).catch(() => undefined);
  if (ourUid === 0) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : unprivilegedUser();
  if (owner && owner.uid !== ourUid) {
    throw new Error(
      `${cluster} belongs to user id ${owner.uid}; start as that user or as root, or choose another folder`,
    );
  }
  return undefined;
}

async function unprivilegedUser(): Promise<ServerUser> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  // macOS gives nobody a negative id, and brings a user for PostgreSQL
  for (const name of ['nobody', '_postgres']) {
    const [, , uid, gid] = accounts.find(([account]) => account === name) ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

/** Gives a folder and all that is in it to the user. */
export async function giveTo(user: ServerUser, folder: string): Promise<void> {
  if (!user) return;
  const inside = await readdir(folder, { recursive: true });
  try {
    for (const path of [...inside.map((name) => join(folder, name)), folder]) await lchown(path, user.uid, user.gid);
  } catch (cause) {
    const sentence = `cannot give ${folder} to user id ${user.uid}, needed because PostgreSQL refuses to run as root`;
    throw new Error(`${sentence}; start as an ordinary user, or set DATABASE_URL`, { cause });
  }
}

/** Options to spawn a PostgreSQL program as the user, inside a folder. */
export function runAs(user: ServerUser, folder: string): SpawnOptions {
  // a short environment: ours may hold secrets, and PG* variables would change what the programs do
  const { PATH, SystemRoot } = process.env;
  const env = { LC_ALL: 'C', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) };
  return { cwd: folder, env, windowsHide: true, ...user };
}

/**
 * What a program spawned by {@link runAs} calls its folder. PostgreSQL insists on an absolute path, and another user
 * may not be allowed to pass the folders above (a clone below /root); the kernel's link needs no such right.
 */
export function dataFolderArgument(user: ServerUser, folder: string): string {
  return user && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : folder;
}
