import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { isDatabaseUnavailable, isDiskFull } from '../database/database-error.js';
import { ELSEWHERE, type Publication, PublicationStore } from '../database/publication.store.js';
import type { ImportSlice } from '../database/publication-imports.js';
import { PublicationWitness, type Witnessed } from '../database/publication-witness.js';
import { KeyVaultError } from '../key-vaults/key-vault.js';
import { logged } from '../logging/logged-error.js';
import { publishSteps, secondsSince, timedStep } from '../telemetry.js';
import type { Outcome } from '../tuf/change.js';
import { TufError } from '../tuf/errors.js';
import { sha256Hex } from '../tuf/metadata-file.js';
import { ClientRefusal } from '../tuf/opened-file.js';
import { forgetPathHashes } from '../tuf/path-hash.js';
import { ImportPace } from './import-pace.js';
import { PublishedCache } from './published-cache.js';
import { type Made, RevisionMaker } from './revision-maker.service.js';
import { RoomForChanges } from './room-for-changes.js';
import { type Bounds, type Work, WorkAtHand } from './work-at-hand.service.js';

interface Done {
  readonly inForce: Witnessed | null;
  /** Null where there is nothing new for clients. */
  readonly made: Made | null;
  readonly slice: ImportSlice | null;
  /** How many changes it took. */
  readonly changes: number;
}

/** What came of an attempt to publish: how many changes a revision took, also where all of them were refused. */
export type Published = { readonly changes: number } | 'idle' | 'elsewhere';

/** The only code that makes revisions: one at a time for each repository, whichever process runs it. */
@Injectable()
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  private readonly importPace = new ImportPace();
  private readonly room = new RoomForChanges();

  constructor(
    private readonly publications: PublicationStore,
    private readonly workAtHand: WorkAtHand,
    private readonly published: PublishedCache,
    private readonly witness: PublicationWitness,
    private readonly maker: RevisionMaker,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes one revision with all that waits and all that is due.
   * @returns `idle` where there is nothing to do, `elsewhere` while another process publishes this repository.
   */
  async publish(repositoryId: number): Promise<Published> {
    try {
      return await this.publishRevision(repositoryId, { entries: this.importPace.sizeFor(repositoryId) });
    } catch (error) {
      if (mayPass(error)) throw error;
      if (error instanceof UnpublishableSlice) return this.publishWithoutSlice(repositoryId, error);
      this.logger.error(...logged('a revision failed; its first change is tried alone', error));
      return this.publishFirstAlone(repositoryId);
    }
  }

  private async publishRevision(repositoryId: number, bounds: Omit<Bounds, 'changeBytes'>): Promise<Published> {
    const started = performance.now();
    let written = started;
    const done = await this.publications.asPublisher(repositoryId, (publication) =>
      this.room.during(publication.artifacts, async (place) => {
        const within = { ...bounds, changeBytes: place.bytes };
        const work = await timedStep('read', () => this.workAtHand.read(repositoryId, publication, within));
        place.keep(work?.changeBytes ?? 0);
        const worked = work && (await this.publishWork(repositoryId, publication, work));
        written = performance.now();
        return worked;
      }),
    );
    if (done === ELSEWHERE) return 'elsewhere';
    if (done === null) return 'idle';
    publishSteps.tell({ step: 'commit', seconds: secondsSince(written) });
    this.maker.trust(repositoryId);
    const { made, slice, inForce, changes } = done;
    if (made) this.keep(repositoryId, made, inForce);
    if (slice) this.importPace.published(repositoryId, slice.size, performance.now() - started);
    return { changes };
  }

  private keep(repositoryId: number, { revision, published }: Made, before: Witnessed | null): void {
    const { bytes, metadata } = revision.timestamp;
    this.published.keep(repositoryId, bytes, published);
    forgetPathHashes();
    if (before) this.witness.keep({ ...before, version: metadata.signed.version, sha256: sha256Hex(bytes) });
  }

  private async publishWork(repositoryId: number, publication: Publication, work: Work): Promise<Done | null> {
    const { slice, inForce, changes } = work;
    try {
      const made = await this.maker.make(repositoryId, publication, work);
      const done = { slice, inForce, changes: changes.length };
      return made && { ...done, made: made.revision && made }; // the commit that follows is the point of no return
    } catch (error) {
      throw slice && !mayPass(error) ? new UnpublishableSlice(slice.size, { cause: error }) : error;
    }
  }

  /** A slice of an import that cannot be published must not hold up the others: it is tried again in smaller ones. */
  private async publishWithoutSlice(repositoryId: number, { size, cause }: UnpublishableSlice): Promise<Published> {
    try {
      await this.publishRevision(repositoryId, { entries: 0 });
    } catch (error) {
      if (mayPass(error)) throw error;
      return this.publishFirstAlone(repositoryId); // the slice was not to blame
    }
    if (size > 1) {
      this.logger.warn(`${size} artifacts of an import cannot be published together; it goes on with fewer at once`);
      this.importPace.failed(repositoryId, size);
    } else {
      this.logger.error(...logged('an artifact of an import cannot be published and is refused', cause));
      await this.refuseEntry(repositoryId);
    }
    return { changes: 1 };
  }

  private async refuseEntry(repositoryId: number): Promise<void> {
    await this.publications.asPublisher(repositoryId, async ({ imports }) => {
      const slice = await imports.nextSlice(await imports.openImports(), 1, []);
      if (slice) await imports.settleSlice(slice, UNPUBLISHABLE, null, this.clock.now());
      return slice;
    });
  }

  /** One change that cannot be published must neither hold up the others nor let metadata expire: it is refused. */
  private async publishFirstAlone(repositoryId: number): Promise<Published> {
    try {
      return await this.publishRevision(repositoryId, { changes: 1, entries: 0 });
    } catch (error) {
      if (mayPass(error)) throw error;
      return this.refuseFirst(repositoryId, error);
    }
  }

  private async refuseFirst(repositoryId: number, error: unknown): Promise<Published> {
    const refused = await this.publications.asPublisher(repositoryId, async ({ read, write }) => {
      const [first] = await read.waitingChanges(0, 1);
      if (!first) throw error;
      this.logger.error(...logged('a task cannot be published and is refused', error, { task: first.id }));
      await write.outcomes(new Map([[first.id, UNPUBLISHABLE]]), null, this.clock.now());
      return true;
    });
    return refused === true ? { changes: 1 } : 'elsewhere';
  }
}

/** Thrown where a revision with a slice of an import failed; the cause says why. */
class UnpublishableSlice extends Error {
  constructor(
    readonly size: number,
    options: ErrorOptions,
  ) {
    super(`a revision with ${size} artifacts of an import failed`, options);
  }
}

const UNPUBLISHABLE: Outcome = {
  state: 'refused',
  refusal: { code: 'change-unpublishable', detail: 'the service could not publish this change; its log says why' },
};

/** Failures that end without anybody changing the change: what is out of reach now, and a root that waits for its successor. */
function mayPass(error: unknown): boolean {
  if (error instanceof ClientRefusal) return error.kind !== 'broken';
  return (
    error instanceof TufError || error instanceof KeyVaultError || isDiskFull(error) || isDatabaseUnavailable(error)
  );
}
