import { isDeepStrictEqual } from 'node:util';
import colors from 'picocolors';
import type { SignatureThreshold } from '../../tuf/root-trust.js';
import type { SigningEvent } from '../answers.js';
import { counted, describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { facts } from '../table.js';
import type { RootReview } from './root-review.js';

/** What a repository waits for, and what signers have to type. */
export function describeEvent(repository: string, event: SigningEvent): string {
  const { id, role, version, missingSignatures, thresholds } = event;
  return [
    `${repository} waits for ${counted(missingSignatures, 'more signature')} on ${role} version ${version}.`,
    `Signing event: ${id}`,
    describeThresholds(version, thresholds),
    `Signers sign with: ${signCommand(repository, event)}`,
  ].join('\n');
}

export function signCommand(repository: string, { id }: Pick<SigningEvent, 'id'>): string {
  return `trs sign ${id} --repository ${repository} --key FILE`;
}

/** Everything about an event; what it changes as this machine sees it. */
export function describeEventInFull(repository: string, event: SigningEvent, review: RootReview, now: Date): string {
  const { id, role, version, state, reason, openedAt, closedAt } = event;
  const overview = facts([
    ['Signing event', id],
    ['Repository', repository],
    ['For', `${role} version ${version}`],
    ['State', reason === null ? state : `${state}: ${printable(reason)}`],
    ['Opened', describeMoment(openedAt, now)],
    ...(closedAt === null ? [] : [['Closed', describeMoment(closedAt, now)] as const]),
  ]);
  const isOpen = state === 'open';
  return [
    overview,
    describeChanges(review),
    ...(isOpen && review.warnings.length > 0 ? [inList('To think about:', review.warnings)] : []),
    ...(isOpen
      ? [describeThresholds(version, review.thresholds), `Signers sign with: ${signCommand(repository, event)}`]
      : [inList('Signed by:', event.signedBy.length > 0 ? event.signedBy : ['nobody'])]),
  ].join('\n\n');
}

export function describeChanges({ metadata, previous, changes }: RootReview): string {
  const { version } = metadata.signed;
  const heading = previous
    ? `Root version ${version} changes, since version ${previous.signed.version}:`
    : 'The first root:';
  return inList(heading, changes.length > 0 ? changes : ['nothing of keys, thresholds and expiry']);
}

/** Who has signed, and who may, for each threshold; as one where both are the same. */
export function describeThresholds(version: number, thresholds: readonly SignatureThreshold[]): string {
  const [first, second] = thresholds;
  if (first && second && isDeepStrictEqual({ ...first, of: '' }, { ...second, of: '' })) {
    return thresholdLines(`versions ${version - 1} and ${version}`, first);
  }
  const versionOf = ({ of }: SignatureThreshold) => (of === 'this root' ? version : version - 1);
  return thresholds.map((threshold) => thresholdLines(`version ${versionOf(threshold)}`, threshold)).join('\n');
}

function thresholdLines(of: string, { threshold, signedBy, mayBeSignedBy, missing }: SignatureThreshold): string {
  const signed = `Keys of root ${of}: ${signedBy.length} of the ${threshold} needed have signed`;
  if (missing === 0) return `${signed}${colors.green(', enough')}`;
  return [`${signed}; ${missing} more of:`, ...mayBeSignedBy.map((keyid) => `  ${keyid}`)].join('\n');
}

function inList(heading: string, lines: readonly string[]): string {
  return [heading, ...lines.map((line) => `  - ${printable(line)}`)].join('\n');
}
