import type { NewToken, Token } from '../answers.js';
import { describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { limitsOf, momentOrNever, relativeOrNever, rightsFacts } from '../rights-text.js';
import { facts, table } from '../table.js';

export function describeTokens(tokens: readonly Token[], now: Date): string {
  if (tokens.length === 0) return 'There is no such token. Create one: trs token create --help';
  return table(
    ['Name', 'State', 'Scopes', 'Limited to', 'Expires', 'Last used', 'Id'],
    tokens.map((token) => [
      printable(token.name),
      token.state,
      token.scopes.map(printable).join(' '),
      limitsOf(token),
      relativeOrNever(token.expiresAt, now),
      relativeOrNever(token.lastUsedAt, now),
      token.id,
    ]),
  );
}

export function describeToken(token: Token, now: Date): string {
  return facts(factsOf(token, now));
}

/** With the token itself where nobody else keeps it: it is shown this once. */
export function describeNewToken(made: Token | NewToken, now: Date): string {
  const own: [string, string][] = 'token' in made ? [['Token', `${made.token}  (shown this once)`]] : [];
  return facts([...own, ...factsOf(made, now)]);
}

function factsOf(token: Token, now: Date): [string, string][] {
  const by = token.createdBy === null ? '' : `, by ${printable(token.createdBy)}`;
  return [
    ['Id', token.id],
    ['Name', printable(token.name)],
    ['State', token.state],
    ...rightsFacts(token),
    ['Created', `${describeMoment(token.createdAt, now)}${by}`],
    ['Expires', momentOrNever(token.expiresAt, now)],
    ['Last used', momentOrNever(token.lastUsedAt, now)],
  ];
}
