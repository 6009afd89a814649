import { Injectable, Logger } from '@nestjs/common';
import { allDone } from '../all-done.js';
import { Clock } from '../clock.js';
import { isDatabaseUnavailable, isDiskFull } from '../database/database-error.js';
import { ELSEWHERE, type Publication, PublicationStore } from '../database/publication.store.js';
import type { ImportSlice } from '../database/publication-imports.js';
import { PublicationWitness, type Witnessed } from '../database/publication-witness.js';
import { KeyVaultError } from '../key-vaults/key-vault.js';
import { logged } from '../logging/logged-error.js';
import { publishSteps, secondsSince, timedStep } from '../telemetry.js';
import type { Outcome } from '../tuf/change.js';
import { clientSteps } from '../tuf/client-check.js';
import { TufError } from '../tuf/errors.js';
import { type Revision, sha256Hex } from '../tuf/metadata-file.js';
import { ClientRefusal } from '../tuf/opened-file.js';
import { forgetPathHashes } from '../tuf/path-hash.js';
import type { PublishedMetadata, RepositoryState, RevisionContext } from '../tuf/repository-state.js';
import type { RevisionContent } from '../tuf/revision.js';
import { ImportPace } from './import-pace.js';
import { planRevision } from './plan-revision.js';
import { PublishedCache } from './published-cache.js';
import { RevisionSigner } from './revision-signer.service.js';
import { inTurns } from './turns.js';
import { verifyAhead } from './verify-ahead.js';
import { type Bounds, type Work, WorkAtHand } from './work-at-hand.service.js';
import { writeRevision } from './write-revision.js';

interface Signed {
  readonly revision: Revision;
  /** What clients have after it. */
  readonly published: PublishedMetadata;
}

interface Done {
  readonly inForce: Witnessed | null;
  readonly signed: Signed | null;
  readonly slice: ImportSlice | null;
}

/** What came of an attempt to publish: also where all that was published is a refusal. */
export type Published = 'published' | 'idle' | 'elsewhere';

/** The only code that makes revisions: one at a time for each repository, whichever process runs it. */
@Injectable()
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  private readonly importPace = new ImportPace();
  /** Repositories whose last revision failed. */
  private readonly doubtful = new Set<number>();

  constructor(
    private readonly publications: PublicationStore,
    private readonly workAtHand: WorkAtHand,
    private readonly published: PublishedCache,
    private readonly witness: PublicationWitness,
    private readonly signer: RevisionSigner,
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

  private async publishRevision(repositoryId: number, bounds: Bounds): Promise<Published> {
    const started = performance.now();
    let written = started;
    const done = await this.publications.asPublisher(repositoryId, async (publication) => {
      const work = await timedStep('read', () => this.workAtHand.read(repositoryId, publication, bounds));
      const worked = work && (await this.publishWork(repositoryId, publication, work));
      written = performance.now();
      return worked;
    });
    if (done === ELSEWHERE) return 'elsewhere';
    if (done === null) return 'idle';
    publishSteps.tell({ step: 'commit', seconds: secondsSince(written) });
    this.doubtful.delete(repositoryId);
    const { signed, slice, inForce } = done;
    if (signed) await this.keep(repositoryId, signed, inForce);
    if (slice) this.importPace.published(repositoryId, slice.size, performance.now() - started);
    return 'published';
  }

  private async keep(repositoryId: number, { revision, published }: Signed, before: Witnessed | null): Promise<void> {
    const { bytes, metadata } = revision.timestamp;
    this.published.keep(repositoryId, bytes, published);
    forgetPathHashes();
    if (before) await this.witness.keep({ ...before, version: metadata.signed.version, sha256: sha256Hex(bytes) });
  }

  private async publishWork(repositoryId: number, publication: Publication, work: Work): Promise<Done | null> {
    const { context, onlineKeys, slice, inForce } = work;
    try {
      const { plan: unsigned, state } = await timedStep('plan', () =>
        planRevision(publication.read, work.state, work.changes, context),
      );
      const { content, settings } = unsigned;
      const revision =
        content && (await timedStep('sign', () => this.signer.sign(content, state, settings, context.now, onlineKeys)));
      const events = await Promise.all(unsigned.signingEvents.map((event) => this.signer.signEvent(event, onlineKeys)));
      const plan = { ...unsigned, signingEvents: events };
      const published = await this.checkedAndWritten(
        repositoryId,
        async () => content && revision && timedStep('check', () => checked(revision, content, state, context)),
        () => timedStep('write', () => writeRevision(publication, plan, revision, { ...work, state })),
      );
      if (!revision && plan.outcomes.size === 0) return null;
      const signed = revision && published && { revision, published };
      return { signed, slice, inForce }; // the commit that follows is the point of no return
    } catch (error) {
      this.doubtful.add(repositoryId);
      throw slice && !mayPass(error) ? new UnpublishableSlice(slice.size, { cause: error }) : error;
    }
  }

  /**
   * PostgreSQL writes while the check goes on, for only what passes is committed. After a failure the check comes first:
   * what may be refused again and again, as long as people do not sign, is not to be written each time.
   */
  private async checkedAndWritten<T>(
    repositoryId: number,
    check: () => Promise<T>,
    write: () => Promise<void>,
  ): Promise<T> {
    if (this.doubtful.has(repositoryId)) {
      const found = await check();
      await write();
      return found;
    }
    const [found] = await allDone([check(), write()]);
    return found;
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
    return 'published';
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
      const [first] = await read.waitingChanges(1);
      if (!first) throw error;
      this.logger.error(...logged('a task cannot be published and is refused', error, { task: first.id }));
      await write.outcomes(new Map([[first.id, UNPUBLISHABLE]]), null, this.clock.now());
      return true;
    });
    return refused === true ? 'published' : 'elsewhere';
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

/** @returns what clients have after the revision. @throws ClientRefusal */
async function checked(
  revision: Revision,
  content: RevisionContent,
  { published }: RepositoryState,
  { now, identities }: RevisionContext,
): Promise<PublishedMetadata> {
  const verified = await verifyAhead(revision, content);
  return inTurns(clientSteps(published, revision, now, identities, verified));
}
