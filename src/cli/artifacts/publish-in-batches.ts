import type { ArtifactResult, SigningEvent, Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import { eventPath } from '../events/open-event.js';
import { inParallel } from '../in-parallel.js';
import { counted } from '../moment.js';
import { Progress } from '../progress.js';
import type { Service } from '../service.js';
import { settledTask } from '../tasks/settled-task.js';
import { type BatchOutcome, describeOutcome, outcomeOf } from './batch-outcome.js';
import { batchesOf } from './batches.js';

export interface BatchedChange {
  readonly repository: string;
  /** `artifacts` or `artifacts/removals`, below the repository. */
  readonly action: string;
  /** The field of the request that holds the items. */
  readonly field: 'artifacts' | 'paths';
  readonly items: readonly unknown[];
  readonly idempotencyKey?: string;
  readonly wait: number;
}

const REQUESTS_AT_ONCE = 4;

/** Sends everything first, so that the service can publish it together; then waits for it. */
export async function publishInBatches(
  context: CommandContext,
  service: Service,
  change: BatchedChange,
): Promise<ExitCode> {
  const tasks = await record(context, service, change);
  const settled = await inParallel(tasks, REQUESTS_AT_ONCE, (task) => settledTask(service, task, change.wait));
  const outcome = outcomeOf(settled);
  const events = await openEvents(service, outcome);
  context.output.show({ ...outcome, openSigningEvents: events ?? [] }, () => describeOutcome(outcome, events));
  if (outcome.waiting.length > 0 && change.wait > 0) return EXIT.stillWaiting;
  return outcome.results.some(isRefused) || outcome.refusals.length > 0 ? EXIT.failed : EXIT.fine;
}

/** Null where they cannot be read: what was asked is done all the same. */
async function openEvents(
  service: Service,
  { repository, signingEvents }: BatchOutcome,
): Promise<SigningEvent[] | null> {
  try {
    const paths = signingEvents.map((id) => eventPath(repository, id));
    const events = await Promise.all(paths.map((path) => service.get<SigningEvent>(path)));
    return events.filter(({ state }) => state === 'open');
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

async function record({ output }: CommandContext, service: Service, change: BatchedChange): Promise<Task[]> {
  const batches = batchesOf(change.items);
  const progress = new Progress(`Sending ${counted(change.items.length, 'artifact')}`, change.items.length);
  const recorded: Task[] = [];
  try {
    return await inParallel(batches, REQUESTS_AT_ONCE, async (batch, index) => {
      const path = `api/v1/repositories/${change.repository}/${change.action}`;
      const task: Task = await service.post(
        path,
        { [change.field]: batch },
        idempotencyHeader(change.idempotencyKey, index),
      );
      recorded.push(task);
      progress.advance(batch.length);
      return task;
    });
  } catch (error) {
    if (recorded.length > 0)
      output.warn(
        `${recorded.length} of ${batches.length} requests were recorded before; repeating all of them does no harm.`,
      );
    throw error;
  } finally {
    progress.stop();
  }
}

function idempotencyHeader(key: string | undefined, index: number): Record<string, string> {
  return key === undefined ? {} : { 'idempotency-key': `${key}-${String(index + 1).padStart(4, '0')}` };
}

export function isRefused({ result }: ArtifactResult): boolean {
  return result === 'refused';
}
