import { gunzipSync } from 'node:zlib';
import { RetentionService } from '../../src/retention/retention.service.js';
import type { Snapshot, Timestamp } from '../../src/tuf/metadata.js';
import type { TestService } from './service.js';

interface KeptFile {
  readonly role: string;
  readonly version: number;
  readonly encoding: string;
  readonly bytes: Buffer;
  readonly expires_at: Date;
}

/** What the database has of one repository's past. */
export class History {
  constructor(
    private readonly service: TestService,
    private readonly repository: string,
  ) {}

  /** The versions of a role that are there, in order. */
  async versions(role: string): Promise<number[]> {
    return (await this.files()).filter((file) => file.role === role).map(({ version }) => version);
  }

  async size(): Promise<number> {
    return (await this.files()).length;
  }

  /** What a client that comes with a timestamp which has not expired before this moment would look for in vain. */
  async missingFor(expiredBefore: Date): Promise<string[]> {
    const files = new Map((await this.files()).map((file) => [`${file.version}.${file.role}.json`, file]));
    const timestamps = [...files.values()].filter((file) => file.role === 'timestamp');
    const needed = timestamps.filter((file) => file.expires_at >= expiredBefore);
    if (needed.length === 0) throw new Error('no timestamp is that fresh');
    return needed.flatMap((file) => {
      const snapshotName = `${signed<Timestamp>(file).meta['snapshot.json'].version}.snapshot.json`;
      const snapshot = files.get(snapshotName);
      if (!snapshot) return [snapshotName];
      const named = Object.entries(signed<Snapshot>(snapshot).meta);
      return named.map(([name, { version }]) => `${version}.${name}`).filter((name) => !files.has(name));
    });
  }

  private async files(): Promise<KeptFile[]> {
    const rows = await this.service.database.query(
      `select role, version, encoding, bytes, expires_at from metadata_version
       where repository_id = (select id from repository where name = $1) order by role, version`,
      [this.repository],
    );
    return rows as unknown as KeptFile[];
  }
}

function signed<T>({ encoding, bytes }: KeptFile): T {
  return JSON.parse((encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString()).signed;
}

/** Has the service delete what is past now, rather than within ten seconds. */
export async function prune(service: TestService): Promise<void> {
  await service.app.get(RetentionService).prune();
}

export async function pruneUntil(service: TestService, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    await prune(service);
    if (await condition()) return;
    if (Date.now() > deadline) throw new Error('not so within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
