import colors from 'picocolors';
import type { ArtifactResult, SigningEvent, Task } from '../answers.js';
import { describeEvent } from '../events/event-text.js';
import { counted } from '../moment.js';

/** What became of all the requests of one command. */
export interface BatchOutcome {
  readonly results: readonly ArtifactResult[];
  /** Why requests were refused as a whole. */
  readonly refusals: readonly string[];
  /** The tasks that are recorded but not settled yet. */
  readonly waiting: readonly string[];
  /** The tasks that somebody else has to approve. */
  readonly awaitingApproval: readonly string[];
  readonly revisions: readonly number[];
  /** Those that what was asked waits for. */
  readonly signingEvents: readonly string[];
  readonly repository: string;
}

export function outcomeOf(tasks: readonly Task[]): BatchOutcome {
  const revisions = tasks.flatMap(({ revision }) => revision ?? []);
  return {
    repository: tasks[0]?.repository ?? '',
    results: tasks.flatMap(({ outcome }) => outcome?.artifacts ?? []),
    refusals: tasks.flatMap(({ outcome }) => outcome?.refusal?.detail ?? []),
    waiting: tasks.filter(({ state }) => state === 'waiting').map(({ id }) => id),
    awaitingApproval: tasks.filter(({ state }) => state === 'awaiting-approval').map(({ id }) => id),
    signingEvents: [...new Set(tasks.flatMap(eventsOf))],
    revisions: [...new Set(revisions)].sort((left, right) => left - right),
  };
}

function eventsOf({ outcome }: Task): string[] {
  if (outcome?.missingSignatures === undefined || outcome.signingEvent === undefined) return [];
  return [outcome.signingEvent, ...(outcome.otherSigningEvents ?? [])];
}

const NARROWEST = 'unchanged'.length;

/** @param events those that are open of what it waits for; where they are not at hand, their ids have to do. */
export function describeOutcome(outcome: BatchOutcome, events: readonly SigningEvent[] | null = null): string {
  const width = Math.max(NARROWEST, ...new Set(outcome.results.map(({ result }) => result.length)));
  const lines = outcome.results.map(({ path, result, detail }) => {
    const word = result.padEnd(width);
    if (result === 'refused') return `${colors.red(word)}  ${path}: ${detail ?? 'no reason given'}`;
    return `${result === 'awaiting-signatures' ? colors.yellow(word) : colors.green(word)}  ${path}`;
  });
  const refusals = outcome.refusals.map((detail) => `${colors.red('refused')}: ${detail}`);
  const waiting = outcome.waiting.map(
    (id) => `Recorded, but not visible yet. Follow it: trs task watch ${id} --repository ${outcome.repository}`,
  );
  const unapproved = outcome.awaitingApproval.map(
    (id) => `It awaits the approval of somebody else: trs task approve ${id} --repository ${outcome.repository}`,
  );
  return [...lines, ...refusals, ...waiting, ...unapproved, ...totals(outcome), ...unsigned(outcome, events)].join(
    '\n',
  );
}

function unsigned({ repository, signingEvents }: BatchOutcome, events: readonly SigningEvent[] | null): string[] {
  if (!events)
    return signingEvents.map((id) => `It waits for signatures: trs event show ${id} --repository ${repository}`);
  if (events.length === 0) return [];
  const described = events.map((event) => describeEvent(repository, event));
  return [`\nClients see what awaits signatures when it is signed.\n\n${described.join('\n\n')}`];
}

function totals({ results, revisions }: BatchOutcome): string[] {
  if (results.length === 0) return [];
  const { visible = [], others = [] } = Object.groupBy(results, ({ result }) =>
    result === 'refused' || result === 'awaiting-signatures' ? 'others' : 'visible',
  );
  const seen =
    visible.length > 0 && revisions.length > 0
      ? `; visible to clients in ${counted(revisions.length, 'revision').replace(/^1 /, '')} ${revisions.join(', ')}`
      : '';
  return [`${[`${tally(visible)}${seen}`, tally(others)].filter((part) => part !== '').join('; ')}.`];
}

function tally(results: readonly ArtifactResult[]): string {
  const counts = new Map<string, number>();
  for (const { result } of results) counts.set(result, (counts.get(result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${count.toLocaleString('en-US')} ${result}`).join(', ');
}
