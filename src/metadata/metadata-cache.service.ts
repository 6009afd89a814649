import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { isDatabaseUnavailable } from '../database/database-error.js';
import { MetadataStore, type StoredFile } from '../database/metadata.store.js';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { parseRoleName, type RoleName, TIMESTAMP } from '../tuf/role-name.js';

const MAXIMUM_BYTES = 128 * 1_048_576;
const WORTH_COMPRESSING_BYTES = 1_024;
/** The bound on what is stale, should the notification of a revision be lost. */
const SHORT_MS = 1_000;

const compress = promisify(gzip);

export interface ServedFile extends StoredFile {
  /** Null where compressing is not worth it. */
  readonly gzipped: Buffer | null;
}

/** Published metadata by the name under which clients ask for it, compressed once. */
@Injectable()
export class MetadataCache implements OnApplicationBootstrap {
  private readonly versions = new LRUCache<string, ServedFile>({
    maxSize: MAXIMUM_BYTES,
    sizeCalculation: ({ bytes, gzipped }) => bytes.length + (gzipped?.length ?? 0) + 1,
  });
  private readonly timestamps = new LRUCache<string, ServedFile>({ max: 10_000, ttl: SHORT_MS });
  private readonly lastTimestamps = new LRUCache<string, ServedFile>({ max: 10_000 });
  /** Above all the root after the current one, which every refresh of every client asks for. */
  private readonly missing = new LRUCache<string, true>({ max: 10_000, ttl: SHORT_MS });
  /** Counts revisions, so that what was read before one is not kept after it. */
  private revisions = 0;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly notifications: Notifications,
  ) {}

  onApplicationBootstrap(): void {
    this.notifications.on(CHANNELS.revisionSettled, () => this.forgetWhatChanged());
    this.notifications.onReconnect(() => this.forgetWhatChanged());
  }

  async timestamp(repository: string): Promise<ServedFile | null> {
    const known = this.timestamps.get(repository);
    if (known) return known;
    const before = this.revisions;
    const file = await this.currentTimestamp(repository);
    if (!file) return null;
    const served = { ...file, gzipped: null };
    this.lastTimestamps.set(repository, served);
    if (before === this.revisions) this.timestamps.set(repository, served);
    return served;
  }

  // While the database is away, what was served last is still signed and, for hours, valid: better than nothing.
  private async currentTimestamp(repository: string): Promise<StoredFile | null> {
    try {
      return await this.metadata.current(repository, TIMESTAMP);
    } catch (error) {
      const last = this.lastTimestamps.get(repository);
      if (last && isDatabaseUnavailable(error)) return last;
      throw error;
    }
  }

  /** A version of any role but timestamp; it never changes, so it is kept as long as there is room. */
  async version(repository: string, role: RoleName, version: number): Promise<ServedFile | null> {
    const name = `${repository}/${version}.${role}`;
    const known = this.versions.get(name);
    if (known) return known;
    if (this.missing.has(name)) return null;
    const before = this.revisions;
    const file = await this.metadata.version(repository, role, version);
    if (!file) {
      if (before === this.revisions) this.missing.set(name, true);
      return null;
    }
    const served = { ...file, gzipped: await gzipped(file.bytes) };
    this.versions.set(name, served);
    return served;
  }

  private forgetWhatChanged(): void {
    this.revisions += 1;
    this.timestamps.clear();
    this.missing.clear();
  }
}

async function gzipped(bytes: Buffer): Promise<Buffer | null> {
  return bytes.length < WORTH_COMPRESSING_BYTES ? null : compress(bytes);
}

/** What a file name of a consistent snapshot asks for, or null where it is none. */
export function parseFileName(name: string): { readonly role: RoleName; readonly version: number } | null {
  const match = /^([1-9]\d{0,9})\.(.{1,128})\.json$/.exec(name);
  const version = Number(match?.[1]);
  if (!match?.[2] || version > 2_147_483_647) return null;
  try {
    const role = parseRoleName(match[2]);
    return role === TIMESTAMP ? null : { role, version };
  } catch {
    return null; // a name that no role can have
  }
}
