import type { Outcome } from './change.js';
import type { RoleName } from './role-name.js';

/** What became of a change within a draft, and the roles whose signing events it waits for. */
export interface Applied {
  readonly outcome: Outcome;
  readonly waitsFor: ReadonlySet<RoleName>;
}

export const DONE: Applied = { outcome: { state: 'succeeded' }, waitsFor: new Set() };

export function waitingFor(roles: Iterable<RoleName>): Applied {
  return { outcome: { state: 'succeeded' }, waitsFor: new Set(roles) };
}
