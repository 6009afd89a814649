import { allDone } from '../all-done.js';
import type { Publication } from '../database/publication.store.js';
import { packRevision } from '../database/publication-writer.js';
import type { Revision } from '../tuf/metadata-file.js';
import type { RepositoryState } from '../tuf/repository-state.js';
import type { RevisionPlan } from '../tuf/revision.js';
import type { Work } from './work-at-hand.service.js';

/**
 * Writes what a plan comes to. All statements but those of large revisions are on their way at once, in the order of these
 * lines: together they take one round trip, and the first ones run while the snapshot is compressed.
 * @param revision null where there is nothing new for clients.
 */
export async function writeRevision(
  { write, imports }: Publication,
  plan: RevisionPlan,
  revision: Revision | null,
  { state, slice, revision: next, context: { now } }: Work,
): Promise<void> {
  const { content, settings } = plan;
  const number = revision && next;
  const outcomes = new Map(plan.outcomes);
  const outcomeOfSlice = slice && outcomes.get(slice.change.id);
  if (slice) outcomes.delete(slice.change.id); // the task is that of the whole import
  const packing = revision && packRevision(revision);
  await allDone([
    revision && write.numbered(next, now),
    content && write.artifacts(content.artifactEdits, next),
    write.tasks(outcomes, number, now),
    write.lifecycle(lifecycleAfter(plan, state)),
    Promise.resolve(packing).then((files) =>
      allDone([
        files && content && write.metadata(files, content.retired, settings, next, now),
        settings !== state.settings && write.settings(settings),
        write.signingEvents(plan.signingEvents, settings, now),
        write.settlement(outcomes, number, now),
        outcomeOfSlice && imports.settleSlice(slice, outcomeOfSlice, number, now),
      ]),
    ),
  ]);
}

function lifecycleAfter({ content, signingEvents }: RevisionPlan, { published, openEvents }: RepositoryState) {
  if (published || content) return 'ready';
  const events = new Map([...openEvents, ...signingEvents].map((event) => [event.id, event]));
  return [...events.values()].some(({ state }) => state === 'open') ? 'awaiting-signatures' : 'refused';
}
