import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { type Publication, PublicationStore } from '../database/publication.store.js';
import type { RequestedChange } from '../tuf/change.js';
import { assertClientAccepts } from '../tuf/client-check.js';
import type { Revision } from '../tuf/metadata-file.js';
import { delegatedRolesConcerned, type RepositoryState, type RevisionContext } from '../tuf/repository-state.js';
import { nextRevision, type RevisionPlan } from '../tuf/revision.js';
import { RevisionSigner } from './revision-signer.service.js';

interface Work {
  readonly changes: readonly RequestedChange[];
  readonly state: RepositoryState;
  readonly context: RevisionContext;
}

/** The only code that makes revisions: one at a time for each repository, whichever process runs it. */
@Injectable()
export class Publisher {
  constructor(
    private readonly publications: PublicationStore,
    private readonly keys: KeyStore,
    private readonly signer: RevisionSigner,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes one revision with all that waits and all that is due.
   * @returns whether there was anything to do; false also while another process publishes this repository.
   */
  async publish(repositoryId: number): Promise<boolean> {
    const worked = await this.publications.asPublisher(repositoryId, async (publication) => {
      const work = await this.workAtHand(publication);
      if (!work) return false;
      const plan = nextRevision(work.state, work.changes, work.context);
      const revision = plan.content ? await this.signer.sign(plan.content, work.state, work.context.now) : null;
      if (revision) assertClientAccepts(work.state.published, revision, work.context.now);
      await write(publication, plan, revision, work);
      return true; // the commit that follows is the point of no return
    });
    return worked ?? false;
  }

  private async workAtHand({ read }: Publication): Promise<Work | null> {
    const now = this.clock.now();
    const changes = await read.waitingChanges();
    const due = await read.dueRoles(now);
    if (changes.length === 0 && due.length === 0) return null;
    const topLevel = await read.topLevelRoles();
    const settings = await read.settings();
    const openEvents = await read.openEvents();
    const context = { now, due, onlineKeys: await this.keys.keyIds() };
    if (!topLevel) return { changes, context, state: { settings, openEvents, published: null } };
    const wanted = delegatedRolesConcerned(
      topLevel,
      openEvents,
      changes.map(({ change }) => change),
      due,
    );
    const delegated = await read.delegatedRoles(wanted, topLevel.snapshot.signed);
    return { changes, context, state: { settings, openEvents, published: { ...topLevel, delegated } } };
  }
}

async function write(
  { write }: Publication,
  plan: RevisionPlan,
  revision: Revision | null,
  { state, context: { now } }: Work,
): Promise<void> {
  const number = revision
    ? await write.revision(revision, plan.content?.artifactEdits ?? [], state.settings, now)
    : null;
  await write.signingEvents(plan.signingEvents, now);
  await write.outcomes(plan.outcomes, number, now);
  await write.lifecycle(lifecycleAfter(plan, state));
  await write.notify();
}

function lifecycleAfter({ content, signingEvents }: RevisionPlan, { published, openEvents }: RepositoryState) {
  if (published || content) return 'ready';
  const events = new Map([...openEvents, ...signingEvents].map((event) => [event.id, event]));
  return [...events.values()].some(({ state }) => state === 'open') ? 'awaiting-signatures' : 'refused';
}
