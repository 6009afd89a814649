import { allDone } from '../all-done.js';
import type { Publication } from '../database/publication.store.js';
import { packRevision } from '../database/publication-writer.js';
import type { Revision } from '../tuf/metadata-file.js';
import type { RepositoryState } from '../tuf/repository-state.js';
import type { RevisionPlan } from '../tuf/revision.js';
import type { SigningEvent } from '../tuf/signing-event.js';
import type { Work } from './work-at-hand.service.js';

/**
 * Writes what a plan comes to, as far as it needs no signature. All statements are on their way at once, in the order of
 * these lines; what {@link writeSigned} sends comes behind them.
 */
export async function writePlanned({ write }: Publication, plan: RevisionPlan, work: Work): Promise<void> {
  const { revision, state, context } = work;
  const { content } = plan;
  const { changes } = outcomesOf(plan, work);
  await allDone([
    content && write.numbered(revision, context.now),
    content && write.artifacts(content.artifactEdits, revision),
    write.tasks(changes, content && revision, context.now),
    write.lifecycle(lifecycleAfter(plan, state)),
  ]);
}

/**
 * Writes the rest. All statements but those of large revisions are on their way at once; the snapshot follows when it is
 * compressed, and after it what tells of all that.
 * @param revision null where there is nothing new for clients.
 * @param events those of the plan, signed.
 */
export async function writeSigned(
  { write, imports }: Publication,
  plan: RevisionPlan,
  revision: Revision | null,
  events: readonly SigningEvent[],
  work: Work,
): Promise<void> {
  const { content, settings } = plan;
  const { now } = work.context;
  const number = revision && work.revision;
  const { changes, slice } = outcomesOf(plan, work);
  const packed = revision && packRevision(revision);
  await allDone([
    packed && content && write.metadata(packed, content.retired, settings, work.revision, now),
    settings !== work.state.settings && write.settings(settings),
    write.signingEvents(events, settings, now),
    Promise.resolve(packed?.compressed).then(() =>
      allDone([
        write.settlement(changes, number, now),
        slice && work.slice && imports.settleSlice(work.slice, slice, number, now),
      ]),
    ),
  ]);
}

/** The task of a slice is that of the whole import. */
function outcomesOf({ outcomes }: RevisionPlan, { slice }: Work) {
  if (!slice) return { changes: outcomes, slice: undefined };
  const changes = new Map(outcomes);
  changes.delete(slice.change.id);
  return { changes, slice: outcomes.get(slice.change.id) };
}

function lifecycleAfter({ content, signingEvents }: RevisionPlan, { published, openEvents }: RepositoryState) {
  if (published || content) return 'ready';
  const events = new Map([...openEvents, ...signingEvents].map((event) => [event.id, event]));
  return [...events.values()].some(({ state }) => state === 'open') ? 'awaiting-signatures' : 'refused';
}
