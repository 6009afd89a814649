import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { isDatabaseUnavailable, isDiskFull } from '../database/database-error.js';
import { type Publication, PublicationStore } from '../database/publication.store.js';
import type { ImportSlice } from '../database/publication-imports.js';
import type { PublicationReader } from '../database/publication-reader.js';
import { PublicationWitness, type Witnessed } from '../database/publication-witness.js';
import { KeyVaultError, type OnlineKey } from '../key-vaults/key-vault.js';
import { logged } from '../logging/logged-error.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import { publishSteps, secondsSince, timedStep } from '../telemetry.js';
import type { Outcome, RequestedChange } from '../tuf/change.js';
import { clientSteps } from '../tuf/client-check.js';
import { TufError } from '../tuf/errors.js';
import type { KeyId } from '../tuf/key.js';
import { type Revision, sha256Hex } from '../tuf/metadata-file.js';
import { ClientRefusal } from '../tuf/opened-file.js';
import {
  type PublishedMetadata,
  publishedTree,
  type RepositoryState,
  type RevisionContext,
} from '../tuf/repository-state.js';
import type { RevisionContent, RevisionPlan } from '../tuf/revision.js';
import type { RepositorySettings } from '../tuf/settings.js';
import { leapOf, leapt } from '../tuf/version-leap.js';
import { ImportPace } from './import-pace.js';
import { planRevision } from './plan-revision.js';
import { PublishedCache } from './published-cache.js';
import { RevisionSigner } from './revision-signer.service.js';
import { inTurns } from './turns.js';
import { verifyAhead } from './verify-ahead.js';

/** Bounds on what one revision takes; without them, all that waits. */
interface Bounds {
  readonly changes?: number;
  /** Of an import. */
  readonly entries: number;
}

interface Work {
  readonly changes: readonly RequestedChange[];
  /** Of an import, the last of the changes. */
  readonly slice: ImportSlice | null;
  /** As much of it as is sure to be needed. */
  readonly state: RepositoryState;
  readonly context: RevisionContext;
  readonly onlineKeys: readonly OnlineKey[];
  /** Null before the first revision. */
  readonly inForce: Witnessed | null;
}

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

/** The only code that makes revisions: one at a time for each repository, whichever process runs it. */
@Injectable()
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  private readonly importPace = new ImportPace();
  private readonly published = new PublishedCache();

  constructor(
    private readonly publications: PublicationStore,
    private readonly witness: PublicationWitness,
    private readonly signer: RevisionSigner,
    private readonly identities: SigstoreIdentities,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes one revision with all that waits and all that is due.
   * @returns whether there was anything to do; false also while another process publishes this repository.
   */
  async publish(repositoryId: number): Promise<boolean> {
    try {
      return await this.publishRevision(repositoryId, { entries: this.importPace.sizeFor(repositoryId) });
    } catch (error) {
      if (mayPass(error)) throw error;
      if (error instanceof UnpublishableSlice) return this.publishWithoutSlice(repositoryId, error);
      this.logger.error(...logged('a revision failed; its first change is tried alone', error));
      return this.publishFirstAlone(repositoryId);
    }
  }

  private async publishRevision(repositoryId: number, bounds: Bounds): Promise<boolean> {
    const started = performance.now();
    let written = started;
    const done = await this.publications.asPublisher(repositoryId, async (publication) => {
      const work = await timedStep('read', () => this.workAtHand(repositoryId, publication, bounds));
      const worked = work && (await this.publishWork(publication, work));
      written = performance.now();
      return worked;
    });
    if (done) publishSteps.tell({ step: 'commit', seconds: secondsSince(written) });
    if (done?.signed) await this.keep(repositoryId, done.signed, done.inForce);
    if (done?.slice) this.importPace.published(repositoryId, done.slice.size, performance.now() - started);
    return done !== null;
  }

  private async keep(repositoryId: number, { revision, published }: Signed, before: Witnessed | null): Promise<void> {
    const { bytes, metadata } = revision.timestamp;
    this.published.keep(repositoryId, bytes, published);
    if (before) await this.witness.keep({ ...before, version: metadata.signed.version, sha256: sha256Hex(bytes) });
  }

  private async publishWork(publication: Publication, work: Work): Promise<Done | null> {
    const { context, onlineKeys, slice } = work;
    try {
      const { plan, state } = await timedStep('plan', () =>
        planRevision(publication.read, work.state, work.changes, context),
      );
      const { content } = plan;
      const signed = content && (await this.signAndCheck(content, plan.settings, state, work));
      const revision = signed?.revision ?? null;
      const events = await Promise.all(plan.signingEvents.map((event) => this.signer.signEvent(event, onlineKeys)));
      await timedStep('write', () =>
        write(publication, { ...plan, signingEvents: events }, revision, { ...work, state }),
      );
      if (!revision && plan.outcomes.size === 0) return null;
      return { signed, slice, inForce: work.inForce }; // the commit that follows is the point of no return
    } catch (error) {
      throw slice && !mayPass(error) ? new UnpublishableSlice(slice.size, { cause: error }) : error;
    }
  }

  private async signAndCheck(
    content: RevisionContent,
    settings: RepositorySettings,
    state: RepositoryState,
    { onlineKeys, context: { now, identities } }: Work,
  ): Promise<Signed> {
    const revision = await timedStep('sign', () => this.signer.sign(content, state, settings, now, onlineKeys));
    return timedStep('check', async () => {
      const verified = await verifyAhead(revision, content);
      const published = await inTurns(clientSteps(state.published, revision, now, identities, verified));
      return { revision, published };
    });
  }

  /** A slice of an import that cannot be published must not hold up the others: it is tried again in smaller ones. */
  private async publishWithoutSlice(repositoryId: number, { size, cause }: UnpublishableSlice): Promise<boolean> {
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
    return true;
  }

  private async refuseEntry(repositoryId: number): Promise<void> {
    await this.publications.asPublisher(repositoryId, async ({ imports }) => {
      const slice = await imports.nextSlice(1, []);
      if (slice) await imports.settleSlice(slice, UNPUBLISHABLE, null, this.clock.now());
      return slice;
    });
  }

  /** One change that cannot be published must neither hold up the others nor let metadata expire: it is refused. */
  private async publishFirstAlone(repositoryId: number): Promise<boolean> {
    try {
      return await this.publishRevision(repositoryId, { changes: 1, entries: 0 });
    } catch (error) {
      if (mayPass(error)) throw error;
      return this.refuseFirst(repositoryId, error);
    }
  }

  private async refuseFirst(repositoryId: number, error: unknown): Promise<boolean> {
    const refused = await this.publications.asPublisher(repositoryId, async ({ read, write }) => {
      const [first] = await read.waitingChanges(1);
      if (!first) throw error;
      this.logger.error(...logged('a task cannot be published and is refused', error, { task: first.id }));
      await write.outcomes(new Map([[first.id, UNPUBLISHABLE]]), null, this.clock.now());
      return true;
    });
    return refused ?? false;
  }

  private async workAtHand(repositoryId: number, { read, imports }: Publication, bounds: Bounds): Promise<Work | null> {
    const now = this.clock.now();
    const waiting = await read.waitingChanges(bounds.changes);
    const slice = await imports.nextSlice(bounds.entries, waiting);
    const due = await read.dueRoles(now);
    const changes = slice ? [...waiting, slice.change] : waiting;
    if (changes.length === 0 && due.length === 0) return null;
    const inForce = await read.timestampInForce();
    const known = await this.publishedNow(repositoryId, read, inForce);
    const settings = await read.settings();
    const openEvents = await read.openEvents();
    const onlineKeys = await read.onlineKeys();
    const online = new Set(onlineKeys.map(({ keyId }) => keyId));
    const published = known && (await this.goingOn(read, inForce, known, changes, online));
    const { verifier: identities } = this.identities;
    const context = { now, due, identities, onlineKeys: online, newEventId: randomUUID };
    return { changes, slice, context, onlineKeys, inForce, state: { settings, openEvents, published } };
  }

  /** What the next revision follows. @throws TufError where clients have seen more than the database knows. */
  private async goingOn(
    read: PublicationReader,
    inForce: Witnessed | null,
    published: PublishedMetadata,
    changes: readonly RequestedChange[],
    onlineKeys: ReadonlySet<KeyId>,
  ): Promise<PublishedMetadata> {
    const { version } = published.timestamp.signed;
    const leap = leapOf(changes, version);
    await this.witness.assertGoesOn(inForce, version + leap + 1);
    if (leap === 0) return published;
    const roles = new Set(publishedTree(published).names());
    return leapt(
      { ...published, delegated: await read.delegatedRoles(roles, published.snapshot.signed) },
      leap,
      onlineKeys,
    );
  }

  private async publishedNow(
    repositoryId: number,
    read: PublicationReader,
    inForce: Witnessed | null,
  ): Promise<PublishedMetadata | null> {
    const known = inForce && this.published.find(repositoryId, inForce.sha256);
    if (known) return known;
    const topLevel = await read.topLevelRoles();
    return topLevel && { ...topLevel, delegated: await read.delegatingRoles(), listing: new Map() };
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

async function write(
  { write, imports }: Publication,
  plan: RevisionPlan,
  revision: Revision | null,
  { state, slice, context: { now } }: Work,
): Promise<void> {
  const { content, settings } = plan;
  const number = revision && content ? await write.revision(revision, content, settings, now) : null;
  if (settings !== state.settings) await write.settings(settings);
  await write.signingEvents(plan.signingEvents, settings, now);
  const outcomes = new Map(plan.outcomes);
  const outcomeOfSlice = slice && outcomes.get(slice.change.id);
  if (slice) outcomes.delete(slice.change.id); // the task is that of the whole import
  await write.outcomes(outcomes, number, now);
  if (outcomeOfSlice) await imports.settleSlice(slice, outcomeOfSlice, number, now);
  await write.lifecycle(lifecycleAfter(plan, state));
}

function lifecycleAfter({ content, signingEvents }: RevisionPlan, { published, openEvents }: RepositoryState) {
  if (published || content) return 'ready';
  const events = new Map([...openEvents, ...signingEvents].map((event) => [event.id, event]));
  return [...events.values()].some(({ state }) => state === 'open') ? 'awaiting-signatures' : 'refused';
}
