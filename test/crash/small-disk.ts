import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OwnPostgres } from '../support/own-postgres.js';

const run = promisify(execFile);
const SIZE = '96m';

/** Where the database of a test lives, until that is full. */
export interface SmallDisk {
  /** What happens to PostgreSQL, and how. */
  readonly description: string;
  prepare(postgres: OwnPostgres): Promise<void>;
  fill(postgres: OwnPostgres): Promise<void>;
  free(postgres: OwnPostgres): Promise<void>;
  discard(): Promise<void>;
}

/** A disk of its own where this user may mount one; elsewhere PostgreSQL says that it is full, and it is not. */
export async function smallDisk(): Promise<SmallDisk> {
  return (await mayMount()) ? new MountedDisk() : new PretendedDisk();
}

async function mayMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'trs-mount-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    await run('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class MountedDisk implements SmallDisk {
  readonly description = 'has no space left on its disk';
  private folder = '';

  async prepare(postgres: OwnPostgres): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'trs-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', this.folder]);
    const space = join(this.folder, 'space');
    await mkdir(space, { mode: 0o700 });
    const { user } = postgres;
    if (user) await chown(space, user.uid, user.gid);
    await postgres.asAdministrator(`create tablespace small location '${space}'`);
    await postgres.asAdministrator('alter database trs set tablespace small');
  }

  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(join(this.folder, 'filler'), Buffer.alloc(bavail * bsize, 1)).catch(() => undefined);
  }

  async free(): Promise<void> {
    await rm(join(this.folder, 'filler'));
  }

  async discard(): Promise<void> {
    if (this.folder === '') return;
    await run('umount', [this.folder]);
    await rm(this.folder, { recursive: true });
  }
}

/** Raises what PostgreSQL does when it cannot extend a file: SQLSTATE 53100. */
class PretendedDisk implements SmallDisk {
  readonly description = 'says that its disk is full, where the test may not mount a small one';

  async prepare(): Promise<void> {}

  async fill(postgres: OwnPostgres): Promise<void> {
    await postgres.asAdministrator(
      `create function refuse() returns trigger language plpgsql as $$
         begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
       create trigger full_disk before insert or update on task execute function refuse();
       create trigger full_disk before insert on metadata_version execute function refuse()`,
      'trs',
    );
  }

  async free(postgres: OwnPostgres): Promise<void> {
    await postgres.asAdministrator('drop function refuse() cascade', 'trs');
  }

  async discard(): Promise<void> {}
}
