import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { isDatabaseUnavailable, isDiskFull } from '../database/database-error.js';
import { type Publication, PublicationStore } from '../database/publication.store.js';
import type { PublicationReader } from '../database/publication-reader.js';
import { KeyVaultError, type OnlineKey } from '../key-vaults/key-vault.js';
import { logged } from '../logged-error.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import type { Outcome, RequestedChange } from '../tuf/change.js';
import { assertClientAccepts } from '../tuf/client-check.js';
import { TufError } from '../tuf/errors.js';
import type { Revision } from '../tuf/metadata-file.js';
import { ClientRefusal } from '../tuf/opened-file.js';
import type { PublishedMetadata, RepositoryState, RevisionContext } from '../tuf/repository-state.js';
import type { RevisionContent, RevisionPlan } from '../tuf/revision.js';
import type { RepositorySettings } from '../tuf/settings.js';
import { planRevision } from './plan-revision.js';
import { PublishedCache } from './published-cache.js';
import { RevisionSigner } from './revision-signer.service.js';
import { verifyAhead } from './verify-ahead.js';

interface Work {
  readonly changes: readonly RequestedChange[];
  /** As much of it as is sure to be needed. */
  readonly state: RepositoryState;
  readonly context: RevisionContext;
  readonly onlineKeys: readonly OnlineKey[];
}

/** The only code that makes revisions: one at a time for each repository, whichever process runs it. */
@Injectable()
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  private readonly published = new PublishedCache();

  constructor(
    private readonly publications: PublicationStore,
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
      return await this.publishRevision(repositoryId);
    } catch (error) {
      if (mayPass(error)) throw error;
      this.logger.error(...logged('a revision failed; its first change is tried alone', error));
      return this.publishFirstAlone(repositoryId);
    }
  }

  private async publishRevision(repositoryId: number, maximumChanges?: number): Promise<boolean> {
    const done = await this.publications.asPublisher(repositoryId, async (publication) => {
      const work = await this.workAtHand(repositoryId, publication, maximumChanges);
      if (!work) return null;
      const { context, onlineKeys } = work;
      const { plan, state } = await planRevision(publication.read, work.state, work.changes, context);
      const { content } = plan;
      const signed = content && (await this.signAndCheck(content, plan.settings, state, work));
      const revision = signed?.revision ?? null;
      const events = await Promise.all(plan.signingEvents.map((event) => this.signer.signEvent(event, onlineKeys)));
      await write(publication, { ...plan, signingEvents: events }, revision, { ...work, state });
      if (!revision && plan.outcomes.size === 0) return null;
      return { signed }; // the commit that follows is the point of no return
    });
    if (done?.signed) this.published.keep(repositoryId, done.signed.revision.timestamp.bytes, done.signed.published);
    return done !== null;
  }

  private async signAndCheck(
    content: RevisionContent,
    settings: RepositorySettings,
    state: RepositoryState,
    { onlineKeys, context: { now, identities } }: Work,
  ): Promise<{ readonly revision: Revision; readonly published: PublishedMetadata }> {
    const revision = await this.signer.sign(content, state, settings, now, onlineKeys);
    const verified = await verifyAhead(revision, content);
    return { revision, published: assertClientAccepts(state.published, revision, now, identities, verified) };
  }

  /** One change that cannot be published must neither hold up the others nor let metadata expire: it is refused. */
  private async publishFirstAlone(repositoryId: number): Promise<boolean> {
    try {
      return await this.publishRevision(repositoryId, 1);
    } catch (error) {
      if (mayPass(error)) throw error;
      return this.refuseFirst(repositoryId, error);
    }
  }

  private async refuseFirst(repositoryId: number, error: unknown): Promise<boolean> {
    const refused = await this.publications.asPublisher(repositoryId, async ({ read, write }) => {
      const [first] = await read.waitingChanges(1);
      if (!first) throw error;
      this.logger.error(...logged(`task ${first.id} cannot be published and is refused`, error));
      await write.outcomes(new Map([[first.id, UNPUBLISHABLE]]), null, this.clock.now());
      return true;
    });
    return refused ?? false;
  }

  private async workAtHand(repositoryId: number, { read }: Publication, maximumChanges?: number): Promise<Work | null> {
    const now = this.clock.now();
    const changes = await read.waitingChanges(maximumChanges);
    const due = await read.dueRoles(now);
    if (changes.length === 0 && due.length === 0) return null;
    const published = await this.publishedNow(repositoryId, read);
    const settings = await read.settings();
    const openEvents = await read.openEvents();
    const onlineKeys = await read.onlineKeys();
    const online = new Set(onlineKeys.map(({ keyId }) => keyId));
    const { verifier: identities } = this.identities;
    const context = { now, due, identities, onlineKeys: online, newEventId: randomUUID };
    return { changes, context, onlineKeys, state: { settings, openEvents, published } };
  }

  private async publishedNow(repositoryId: number, read: PublicationReader): Promise<PublishedMetadata | null> {
    const timestamp = await read.timestampInForce();
    const known = timestamp && this.published.find(repositoryId, timestamp);
    if (known) return known;
    const topLevel = await read.topLevelRoles();
    return topLevel && { ...topLevel, delegated: await read.delegatingRoles(), listing: new Map() };
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
  { write }: Publication,
  plan: RevisionPlan,
  revision: Revision | null,
  { state, context: { now } }: Work,
): Promise<void> {
  const { content, settings } = plan;
  const number = revision && content ? await write.revision(revision, content, settings, now) : null;
  if (settings !== state.settings) await write.settings(settings);
  await write.signingEvents(plan.signingEvents, settings, now);
  await write.outcomes(plan.outcomes, number, now);
  await write.lifecycle(lifecycleAfter(plan, state));
}

function lifecycleAfter({ content, signingEvents }: RevisionPlan, { published, openEvents }: RepositoryState) {
  if (published || content) return 'ready';
  const events = new Map([...openEvents, ...signingEvents].map((event) => [event.id, event]));
  return [...events.values()].some(({ state }) => state === 'open') ? 'awaiting-signatures' : 'refused';
}
