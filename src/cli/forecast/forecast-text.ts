import colors from 'picocolors';
import type { Forecast, ForecastItem } from '../answers.js';
import { signCommand } from '../events/event-text.js';
import { counted, describeMoment, relativeTime } from '../moment.js';
import { printable } from '../printable.js';
import { table } from '../table.js';

/** One line for each role, and one for all bins of a role. */
export function describeForecast({ repository, from, until, items }: Forecast): string {
  const now = new Date(from);
  const heading = `${colors.bold(repository)}, until ${describeMoment(until, now)}`;
  if (items.length === 0) return `${heading}: nothing expires.`;
  const rows = items.map((item) => [
    describeMoment(item.deadline, now),
    nameOf(item),
    item.version === null ? '-' : String(item.version),
    whoSigns(item),
    whatHappens(repository, item, now),
  ]);
  return `${heading}:\n${table(['Expires', 'Role', 'Version', 'Signed by', 'What happens'], rows)}`;
}

function nameOf({ role, bins }: ForecastItem): string {
  return bins === null ? role : `${counted(bins, 'bin')} of ${role}`;
}

function whoSigns({ signedBy, threshold, keys }: ForecastItem): string {
  if (signedBy === 'service') return 'the service';
  const people = keys
    .filter(({ isOnline }) => !isOnline)
    .map(({ keyId, name }) => (name ? printable(name) : shortId(keyId)));
  const online = keys.length > people.length ? ['the service'] : [];
  return `${threshold} of ${[...people, ...online].join(', ')}`;
}

function shortId(keyId: string): string {
  return `${keyId.slice(0, 8)}…`;
}

function whatHappens(repository: string, item: ForecastItem, now: Date): string {
  const { state, waiting, renewedFrom, signedBy } = item;
  if (waiting) return `${stateOf(item)}${describeWaiting(repository, item, waiting, now)}`;
  if (state === 'expired') return colors.red('expired: clients refuse it');
  if (state === 'overdue') return colors.red('overdue: see /health/ready and the log of the service');
  const when = renewedFrom === null ? '' : ` ${relativeTime(new Date(renewedFrom), now)}`;
  if (signedBy === 'people') return `signatures are asked for${when}`;
  return item.bins === null ? `signed again${when}` : `signed again one after the other, the first${when}`;
}

function stateOf({ state }: ForecastItem): string {
  return state === 'expired' ? colors.red('expired; ') : '';
}

function describeWaiting(
  repository: string,
  item: ForecastItem,
  { id, version, missingSignatures, thresholds }: NonNullable<ForecastItem['waiting']>,
  now: Date,
): string {
  if (missingSignatures === 0) return `version ${version} has its signatures, and waits for others`;
  const names = new Map(item.keys.map(({ keyId, name }) => [keyId, name]));
  const missing = new Set(thresholds.filter((of) => of.missing > 0).flatMap(({ mayBeSignedBy }) => mayBeSignedBy));
  const who = [...missing].map((keyId) => printable(names.get(keyId) ?? shortId(keyId)));
  const inForce =
    item.expires !== null && item.deadline !== item.expires
      ? ` (version ${item.version} expires ${relativeTime(new Date(item.expires), now)})`
      : '';
  const waits = `version ${version} waits for ${counted(missingSignatures, 'more signature')} of ${who.join(', ')}`;
  return `${colors.yellow(waits)}${inForce}: ${signCommand(repository, { id })}`;
}
