import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TufError } from '../tuf/errors.js';

const FOLDER = 'published';

/** The timestamp in force, of a repository that clients tell from others by its first root. */
export interface Witnessed {
  readonly repository: string;
  /** The sha256 of the first root. */
  readonly firstRoot: string;
  readonly version: number;
  /** Of timestamp. */
  readonly sha256: string;
}

/**
 * Remembers outside of the database which timestamp was published last, so that an older backup of the database, once
 * restored, is found out before it gives clients other bytes under numbers that they have seen.
 */
export class PublicationWitness implements OnApplicationShutdown {
  private readonly logger = new Logger(PublicationWitness.name);
  private readonly last = new Map<string, Witnessed | null>();
  /** Repositories that are not published, because their database went back. */
  readonly wentBack = new Set<string>();
  private readonly unnoted = new Map<string, Witnessed>();
  private noting: Promise<void> | null = null;

  constructor(private readonly dataFolder: string) {}

  /**
   * @param inForce what the database has; null before the first revision.
   * @param next the version of timestamp that is about to be signed.
   * @throws TufError `repository-went-back` where clients may have seen that one, or another in the place of `inForce`.
   */
  async assertGoesOn(inForce: Witnessed | null, next: number): Promise<void> {
    const last = inForce && (await this.lastOf(inForce.repository));
    if (!last || last.firstRoot !== inForce.firstRoot || isIn(last, inForce) || next > last.version) {
      if (inForce) this.wentBack.delete(inForce.repository);
      return;
    }
    this.wentBack.add(inForce.repository);
    throw new TufError(
      'repository-went-back',
      `the database has timestamp ${inForce.version} of ${inForce.repository}, but ${last.version} was published: an older backup was restored; see "Restoring a backup" in docs/operating.md`,
    );
  }

  /** Once it is committed. It is noted outside soon, and revisions do not wait for that. */
  keep(published: Witnessed): void {
    this.wentBack.delete(published.repository);
    this.last.set(published.repository, published);
    this.unnoted.set(published.repository, published);
    this.noting ??= this.noteAll();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.noting;
  }

  /** Of several revisions of a repository meanwhile, the last one. */
  private async noteAll(): Promise<void> {
    for (const [repository, published] of this.unnoted) {
      this.unnoted.delete(repository);
      await this.note(published);
    }
    this.noting = null;
  }

  /** A failure costs the witness, not the revision. */
  private async note(published: Witnessed): Promise<void> {
    try {
      await this.write(published).catch(async (error) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(join(this.dataFolder, FOLDER), { recursive: true, mode: 0o700 });
        await this.write(published);
      });
    } catch (error) {
      this.logger.warn(`cannot note what was published: ${error instanceof Error ? error.message : error}`);
    }
  }

  private async write(published: Witnessed): Promise<void> {
    const file = this.fileOf(published.repository);
    await writeFile(`${file}.${process.pid}.new`, `${JSON.stringify(published)}\n`);
    await rename(`${file}.${process.pid}.new`, file);
  }

  private async lastOf(repository: string): Promise<Witnessed | null> {
    const known = this.last.get(repository);
    if (known !== undefined) return known;
    const last = await this.read(repository);
    this.last.set(repository, last);
    return last;
  }

  /** One that a power failure left torn is as good as none: it must not keep a repository from being published. */
  private async read(repository: string): Promise<Witnessed | null> {
    const text = await readFile(this.fileOf(repository), 'utf8').catch(() => null);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      this.logger.warn(`what was published of ${repository} is not known: ${this.fileOf(repository)} is damaged`);
      return null;
    }
  }

  private fileOf(repository: string): string {
    return join(this.dataFolder, FOLDER, `${repository}.json`);
  }
}

/** Others may have published since, who have a witness of their own. */
function isIn(last: Witnessed, inForce: Witnessed): boolean {
  return last.version === inForce.version ? last.sha256 === inForce.sha256 : last.version < inForce.version;
}
