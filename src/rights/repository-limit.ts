import { matchesStars } from './stars.js';

/** A repository's name, or a pattern of names in which `*` stands for any characters. */
export type RepositoryLimit = string & { readonly brand: 'RepositoryLimit' };

/** What a limit must be where this text is none; null where it is one. */
export function reasonAgainstRepositoryLimit(text: string): string | null {
  const isLimit = /^[a-z0-9*][a-z0-9*-]{0,62}$/.test(text) && !text.endsWith('-') && !text.includes('**');
  return isLimit ? null : 'must be the name of a repository, in which "*" may stand for any characters';
}

export function repositoryMatches(limit: RepositoryLimit, name: string): boolean {
  return matchesStars(limit, name);
}

/** Whether `outer` matches every name that `inner` matches; a `*` of `inner` is only ever taken up by one of `outer`. */
export function repositoryCovers(outer: RepositoryLimit, inner: RepositoryLimit): boolean {
  return matchesStars(outer, inner);
}
