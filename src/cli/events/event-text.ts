import { isDeepStrictEqual } from 'node:util';
import colors from 'picocolors';
import type { SignatureThreshold } from '../../tuf/root-trust.js';
import type { SigningEvent } from '../answers.js';
import { capitalised, counted, describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { facts } from '../table.js';
import type { SigningReview } from './signing-review.js';

/** What a repository waits for, and what signers have to type. */
export function describeEvent(repository: string, event: SigningEvent): string {
  const { id, role, version, missingSignatures, thresholds } = event;
  return [
    missingSignatures > 0
      ? `${repository} waits for ${counted(missingSignatures, 'more signature')} on ${role} version ${version}.`
      : `${capitalised(role)} version ${version} of ${repository} has its signatures, and waits for others.`,
    `Signing event: ${id}`,
    describeThresholds(role, version, thresholds),
    ...(missingSignatures > 0 ? [`Signers sign with: ${signCommand(repository, event)}`] : []),
    ...describeCompanions(repository, event),
  ].join('\n');
}

export function signCommand(repository: string, { id }: Pick<SigningEvent, 'id'>): string {
  return `trs sign ${id} --repository ${repository} --key FILE`;
}

/** Everything about an event; what it changes as this machine sees it. */
export function describeEventInFull(repository: string, event: SigningEvent, review: SigningReview, now: Date): string {
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
      ? [
          [describeThresholds(role, version, review.thresholds), ...describeVoucher(review)].join('\n'),
          `Signers sign with: ${signCommand(repository, event)}`,
          ...describeCompanions(repository, event),
        ]
      : [inList('Signed by:', event.signedBy.length > 0 ? event.signedBy : ['nobody'])]),
  ].join('\n\n');
}

export function describeChanges({ role, metadata, previous, changes }: SigningReview): string {
  const { version } = metadata.signed;
  const name = role === 'root' ? 'Root' : `Role ${role},`;
  if (!previous && version > 1) return inList(`${name} version ${version}; the one before is not kept:`, changes);
  const heading = previous
    ? `${name} version ${version} changes, since version ${previous.signed.version}:`
    : `The first ${role === 'root' ? 'root' : `version of ${role}`}:`;
  return inList(heading, changes.length > 0 ? changes : ['nothing but its version']);
}

/** Who has signed, and who may, for each threshold; as one where both are the same. */
export function describeThresholds(role: string, version: number, thresholds: readonly SignatureThreshold[]): string {
  const [first, second] = thresholds;
  if (first && second && isDeepStrictEqual({ ...first, of: '' }, { ...second, of: '' })) {
    return thresholdLines(`root versions ${version - 1} and ${version}`, first);
  }
  const ownerOf = ({ of }: SignatureThreshold) => {
    if (of === 'this role') return `role ${role}`;
    return `root version ${of === 'this root' ? version : version - 1}`;
  };
  return thresholds.map((threshold) => thresholdLines(ownerOf(threshold), threshold)).join('\n');
}

/** Where it is written who signs the role; nothing for root, and where nothing says so but the service. */
export function describeVoucher({ role, voucher }: Pick<SigningReview, 'role' | 'voucher'>): string[] {
  if (!voucher) return [];
  const delegator = `${voucher.role} version ${voucher.version}`;
  return [
    voucher.isInForce
      ? `That these keys sign ${role} is in ${delegator}, in force and signed from root down.`
      : `That these keys sign ${role} is in ${delegator}, which waits for signatures itself.`,
  ];
}

/** What is published with it, and so has to be signed as well. */
function describeCompanions(repository: string, { publishedTogetherWith }: SigningEvent): string[] {
  return publishedTogetherWith.map(
    (id) => `It is published together with: trs event show ${id} --repository ${repository}`,
  );
}

function thresholdLines(of: string, { threshold, signedBy, mayBeSignedBy, missing }: SignatureThreshold): string {
  const signed = `Keys of ${of}: ${signedBy.length} of the ${threshold} needed have signed`;
  if (missing === 0) return `${signed}${colors.green(', enough')}`;
  return [`${signed}; ${missing} more of:`, ...mayBeSignedBy.map((keyid) => `  ${keyid}`)].join('\n');
}

export function inList(heading: string, lines: readonly string[]): string {
  return [heading, ...lines.map((line) => `  - ${printable(line)}`)].join('\n');
}
