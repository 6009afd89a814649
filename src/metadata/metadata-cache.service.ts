import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MetadataStore } from '../database/metadata.store.js';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { packToSend } from '../database/stored-bytes.js';
import { isRepositoryName } from '../http/repository-name.js';
import { ROOT, TIMESTAMP } from '../tuf/role-name.js';
import { type FileName, parseFileName } from './file-name.js';
import { LastKnown } from './last-known.js';
import { IMMUTABLE, Representation, SHORT_LIVED } from './representation.js';
import { SharedLoads } from './shared-loads.js';

const TIMESTAMP_FILE = 'timestamp.json';
const MAXIMUM_BYTES = 128 * 1_048_576;
/** The bound on what is stale, should the notification of a revision be lost. */
const SHORT_MS = 1_000;

/** Null where there is no such file. */
type Found = Representation | null;

/** Published metadata by the name under which clients ask for it, ready to be sent. */
@Injectable()
export class MetadataCache implements OnApplicationBootstrap {
  /** Versions by repository and file name; what is uncompressed for some clients, by its hash. */
  private readonly versions = new LRUCache<string, Representation>({
    maxSize: MAXIMUM_BYTES,
    sizeCalculation: ({ length }) => length + 1,
  });
  private readonly timestamps = new LRUCache<string, Representation>({ max: 10_000, ttl: SHORT_MS });
  private readonly lastTimestamps = new LastKnown<Found>((found) => found !== null);
  private readonly lastMissingRoots = new LastKnown<Found>((found) => found === null);
  /** Above all the root after the current one, which every refresh of every client asks for. */
  private readonly missing = new LRUCache<string, true>({ max: 10_000, ttl: SHORT_MS });
  private readonly loads = new SharedLoads<Found>();
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

  /** A file that can be sent at once; undefined where `find` has to look. */
  known(repository: string, file: string, acceptsGzip: boolean): Found | undefined {
    const stored = this.knownAsStored(repository, file);
    if (!stored?.isCompressed || acceptsGzip) return stored;
    return this.versions.get(stored.sha256);
  }

  async find(repository: string, file: string, acceptsGzip: boolean): Promise<Found> {
    const stored = this.knownAsStored(repository, file) ?? (await this.loadAsStored(repository, file));
    if (!stored?.isCompressed || acceptsGzip) return stored;
    return this.loads.load(stored.sha256, () => this.uncompressed(stored));
  }

  private knownAsStored(repository: string, file: string): Found | undefined {
    const name = `${repository}/${file}`;
    const known = file === TIMESTAMP_FILE ? this.timestamps.get(name) : this.versions.get(name);
    return known ?? (this.missing.has(name) ? null : undefined);
  }

  private async loadAsStored(repository: string, file: string): Promise<Found> {
    const name = `${repository}/${file}`;
    if (!isRepositoryName(repository)) return null;
    if (file === TIMESTAMP_FILE) return this.loads.load(name, () => this.timestamp(repository, name));
    const wanted = parseFileName(file);
    return wanted && this.loads.load(name, () => this.version(repository, wanted, name));
  }

  private async timestamp(repository: string, name: string): Promise<Found> {
    const before = this.revisions;
    const last = this.lastTimestamps.of(name);
    const found = await this.lastTimestamps.orAsked(name, () => this.currentTimestamp(repository));
    // Nobody told of this revision, and it may have a root that was missing a moment ago, without which a client refuses it.
    if (found?.sha256 !== last?.sha256) this.missing.clear();
    if (before !== this.revisions) return found;
    if (found) this.timestamps.set(name, found);
    else this.missing.set(name, true);
    return found;
  }

  private async currentTimestamp(repository: string): Promise<Found> {
    const file = await this.metadata.current(repository, TIMESTAMP);
    return file && Representation.stored(file, SHORT_LIVED);
  }

  private async version(repository: string, wanted: FileName, name: string): Promise<Found> {
    const before = this.revisions;
    const ask = () => this.storedVersion(repository, wanted);
    const found = wanted.role === ROOT ? await this.lastMissingRoots.orAsked(name, ask) : await ask();
    if (found) return this.keep(name, found);
    if (before === this.revisions) this.missing.set(name, true);
    return null;
  }

  private async storedVersion(repository: string, { role, version }: FileName): Promise<Found> {
    const found = await this.metadata.version(repository, role, version);
    return found && Representation.stored(await packToSend(found), IMMUTABLE);
  }

  private async uncompressed(stored: Representation): Promise<Found> {
    return this.versions.get(stored.sha256) ?? this.keep(stored.sha256, await stored.uncompressed());
  }

  private keep(key: string, representation: Representation): Representation {
    this.versions.set(key, representation);
    return representation;
  }

  private forgetWhatChanged(): void {
    this.revisions += 1;
    this.timestamps.clear();
    this.missing.clear();
    this.loads.forget();
  }
}
