import { TufError } from './errors.js';
import type { RoleName } from './role-name.js';

/** Why no artifact may be where a change of delegations would leave it. */
export function contestedPath(path: string): TufError {
  return new TufError('artifact-path-ambiguous', `clients would read the patterns differently for artifact ${path}`);
}

/** @param instead what clients would find then: none, another file than before, or one that is not to be found. */
export function artifactStranded(path: string, role: RoleName, instead: 'none' | 'another' | 'again'): TufError {
  return new TufError('artifacts-stranded', `clients would find ${detailOf(path, role, instead)}`);
}

function detailOf(path: string, role: RoleName, instead: 'none' | 'another' | 'again'): string {
  switch (instead) {
    case 'none':
      return `artifact ${path} no more: it belongs to role ${role} then, which does not list it`;
    case 'another':
      return `another file for artifact ${path}: the one that role ${role} lists; have people sign that role first`;
    case 'again':
      return `artifact ${path} again, which role ${role} still lists; have people sign that role first`;
    default:
      return instead satisfies never;
  }
}
