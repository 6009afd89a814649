import type { TrustedPublisher } from '../answers.js';
import { describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { limitsOf, momentOrNever, relativeOrNever, rightsFacts } from '../rights-text.js';
import { facts, table } from '../table.js';

export function describePublishers(publishers: readonly TrustedPublisher[], now: Date): string {
  if (publishers.length === 0) return 'There is no trusted publisher yet. Add one: trs publisher add --help';
  return table(
    ['Name', 'Issuer', 'Claims', 'Scopes', 'Limited to', 'Last used', 'Id'],
    publishers.map((publisher) => [
      printable(publisher.name),
      printable(publisher.issuer),
      claimsOf(publisher),
      publisher.scopes.map(printable).join(' '),
      limitsOf(publisher),
      relativeOrNever(publisher.lastUsedAt, now),
      publisher.id,
    ]),
  );
}

export function describePublisher(publisher: TrustedPublisher, now: Date): string {
  return facts([
    ['Id', publisher.id],
    ['Name', printable(publisher.name)],
    ['Issuer', printable(publisher.issuer)],
    ['Audience', printable(publisher.audience)],
    ['Claims', claimsOf(publisher)],
    ...rightsFacts(publisher),
    ['Created', `${describeMoment(publisher.createdAt, now)}, by ${printable(publisher.createdBy)}`],
    ['Expires', momentOrNever(publisher.expiresAt, now)],
    ['Last used', momentOrNever(publisher.lastUsedAt, now)],
  ]);
}

function claimsOf({ claims }: TrustedPublisher): string {
  return Object.entries(claims)
    .map(([name, values]) => `${printable(name)}=${values.map(printable).join('|')}`)
    .join(' ');
}
