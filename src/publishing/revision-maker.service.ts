import { Injectable } from '@nestjs/common';
import { allDone } from '../all-done.js';
import type { Publication } from '../database/publication.store.js';
import { timedStep } from '../telemetry.js';
import { clientSteps } from '../tuf/client-check.js';
import type { Revision } from '../tuf/metadata-file.js';
import type { PublishedMetadata } from '../tuf/repository-state.js';
import type { RevisionContent, RevisionPlan } from '../tuf/revision.js';
import type { SigningEvent } from '../tuf/signing-event.js';
import { findAhead } from './find-ahead.js';
import { planRevision } from './plan-revision.js';
import { RevisionSigner } from './revision-signer.service.js';
import { inTurns } from './turns.js';

import type { Work } from './work-at-hand.service.js';
import { writePlanned, writeSigned } from './write-revision.js';

/** A revision that only lacks its commit. */
export interface Made {
  readonly revision: Revision;
  /** What clients have after it. */
  readonly published: PublishedMetadata;
}

/** What was asked for was written, and clients have nothing new of it. */
export interface NothingNew {
  readonly revision: null;
}

interface Signed {
  readonly revision: Revision | null;
  readonly events: readonly SigningEvent[];
}

/** Plans, signs, checks and writes a revision, in the publisher's transaction. */
@Injectable()
export class RevisionMaker {
  /** Repositories whose last revision failed. */
  private readonly doubtful = new Set<number>();

  constructor(private readonly signer: RevisionSigner) {}

  /** @returns null where there was nothing to write. @throws ClientRefusal */
  async make(repositoryId: number, publication: Publication, work: Work): Promise<Made | NothingNew | null> {
    try {
      const { plan, state } = await timedStep('plan', () =>
        planRevision(publication.read, work.state, work.changes, work.context),
      );
      const made = this.doubtful.has(repositoryId)
        ? await this.oneAfterTheOther(publication, plan, { ...work, state })
        : await this.together(publication, plan, { ...work, state });
      return made.revision || plan.outcomes.size > 0 ? made : null;
    } catch (error) {
      this.doubtful.add(repositoryId);
      throw error;
    }
  }

  /** Once what it made last is committed. */
  trust(repositoryId: number): void {
    this.doubtful.delete(repositoryId);
  }

  /** PostgreSQL writes while signatures are made and the check goes on, for only what passes is committed. */
  private async together(publication: Publication, plan: RevisionPlan, work: Work): Promise<Made | NothingNew> {
    const signedAndWritten = async () => {
      const signed = await this.signed(plan, work);
      const writing = written(publication, plan, signed, work); // first: it has a thread compress the snapshot
      const [made] = await allDone([checked(plan, signed, work), writing]);
      return made;
    };
    const [, made] = await allDone([writePlanned(publication, plan, work), signedAndWritten()]);
    return made;
  }

  /** What may be refused again and again, as long as people do not sign, is not to be written each time. */
  private async oneAfterTheOther(publication: Publication, plan: RevisionPlan, work: Work): Promise<Made | NothingNew> {
    const signed = await this.signed(plan, work);
    const made = await checked(plan, signed, work);
    await writePlanned(publication, plan, work);
    await written(publication, plan, signed, work);
    return made;
  }

  private async signed({ content, settings, signingEvents }: RevisionPlan, work: Work): Promise<Signed> {
    const { state, context, onlineKeys } = work;
    const revision =
      content && (await timedStep('sign', () => this.signer.sign(content, state, settings, context.now, onlineKeys)));
    const events = await Promise.all(signingEvents.map((event) => this.signer.signEvent(event, onlineKeys)));
    return { revision, events };
  }
}

/** @throws ClientRefusal */
async function checked({ content }: RevisionPlan, { revision }: Signed, work: Work): Promise<Made | NothingNew> {
  if (!content || !revision) return { revision: null };
  return { revision, published: await timedStep('check', () => publishedAfter(revision, content, work)) };
}

function written(publication: Publication, plan: RevisionPlan, { revision, events }: Signed, work: Work) {
  return timedStep('write', () => writeSigned(publication, plan, revision, events, work));
}

async function publishedAfter(revision: Revision, content: RevisionContent, { state, context }: Work) {
  const ahead = await findAhead(revision, content, state.published);
  return inTurns(clientSteps(state.published, revision, context.now, context.identities, ahead));
}
