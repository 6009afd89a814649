import type { GrantedRights } from './answers.js';
import { describeMoment, relativeTime } from './moment.js';
import { printable } from './printable.js';

/** For `facts`. */
export function rightsFacts({ scopes, repositories, paths }: GrantedRights): [string, string][] {
  return [
    ['Scopes', scopes.map(printable).join(' ')],
    ['Repositories', repositories?.map(printable).join(' ') ?? 'all'],
    ['Paths', paths?.map(printable).join(' ') ?? 'all'],
  ];
}

/** In one cell of a table. */
export function limitsOf({ repositories, paths }: GrantedRights): string {
  return [...(repositories ?? []), ...(paths ?? [])].map(printable).join(' ') || '-';
}

export function momentOrNever(iso: string | null, now: Date): string {
  return iso === null ? 'never' : describeMoment(iso, now);
}

export function relativeOrNever(iso: string | null, now: Date): string {
  return iso === null ? 'never' : relativeTime(new Date(iso), now);
}
