import { lstat, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { installedBinaries } from './binaries.js';
import { binariesFor } from './binary-copy.js';
import { discardAbandonedDrafts, initialiseCluster, isInitialised, passwordFor } from './cluster.js';
import { startOrAdopt, stopPostmaster } from './postmaster.js';
import { giveTo, serverUser } from './server-user.js';

export interface EmbeddedPostgres {
  /** TCP on loopback, for it works on every platform and for every client, and has no limit on the folder's length. */
  readonly url: string;
  /** Stops the server, even if it was adopted or others use it, and waits for its end; a second call does nothing. */
  stop(): Promise<void>;
}

/** Starts (or adopts) the PostgreSQL cluster in `folder` and returns how to reach it. */
export async function startEmbeddedPostgres(options: {
  readonly folder: string;
  readonly log?: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const { log = () => undefined } = options;
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const cluster = join(folder, 'cluster');
  const user = await serverUser(cluster);
  const nativeFolder = await binariesFor(user, await installedBinaries());

  const password = await passwordFor(cluster);
  await discardAbandonedDrafts(cluster);
  if (!(await isInitialised(cluster))) {
    log(`initialising PostgreSQL in ${cluster}`);
    await initialiseCluster(cluster, nativeFolder, user, password);
  }
  // a folder restored by root belongs to root
  if (user && (await lstat(cluster)).uid === 0) await giveTo(user, cluster);

  const server = { cluster, nativeFolder, user, password };
  const { pid, port } = await startOrAdopt(server);
  log(`PostgreSQL (process ${pid}) is ready on 127.0.0.1:${port}`);

  let stopped: Promise<void> | undefined;
  return {
    url: `postgres://trs:${password}@127.0.0.1:${port}/trs`,
    stop: () => {
      stopped ??= stopPostmaster(server, pid);
      return stopped;
    },
  };
}
