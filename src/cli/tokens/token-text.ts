import type { NewToken, Token } from '../answers.js';
import { describeMoment, relativeTime } from '../moment.js';
import { printable } from '../printable.js';
import { facts, table } from '../table.js';

export function describeTokens(tokens: readonly Token[], now: Date): string {
  if (tokens.length === 0) return 'There is no such token. Create one: trs token create --help';
  return table(
    ['Name', 'State', 'Scopes', 'Limited to', 'Expires', 'Last used', 'Id'],
    tokens.map((token) => [
      printable(token.name),
      token.state,
      token.scopes.map(printable).join(' '),
      limitsOf(token) || '-',
      token.expiresAt === null ? 'never' : relativeTime(new Date(token.expiresAt), now),
      token.lastUsedAt === null ? 'never' : relativeTime(new Date(token.lastUsedAt), now),
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
  return [
    ['Id', token.id],
    ['Name', printable(token.name)],
    ['State', token.state],
    ['Scopes', token.scopes.map(printable).join(' ')],
    ['Repositories', token.repositories?.map(printable).join(' ') ?? 'all'],
    ['Paths', token.paths?.map(printable).join(' ') ?? 'all'],
    ['Created', `${describeMoment(token.createdAt, now)}${createdBy(token)}`],
    ['Expires', token.expiresAt === null ? 'never' : describeMoment(token.expiresAt, now)],
    ['Last used', token.lastUsedAt === null ? 'never' : describeMoment(token.lastUsedAt, now)],
  ];
}

function createdBy({ createdBy: principal }: Token): string {
  return principal === null ? '' : `, by ${printable(principal)}`;
}

function limitsOf({ repositories, paths }: Token): string {
  return [...(repositories ?? []), ...(paths ?? [])].map(printable).join(' ');
}
