import type { Principal } from '../http/principal.js';
import { forbidden } from '../http/refused.js';
import { beyond, type Rights } from '../rights/rights.js';

/** Whether a principal has these rights itself, so that it may give, see and take them away. */
export function isWithinOwn(rights: Rights, principal: Principal): boolean {
  return principal.grants.some((grant) => beyond(rights, grant) === null);
}

/** Nobody gives away more than they have. @throws ProblemError 403 naming the first that is too much. */
export function assertWithinOwn(rights: Rights, principal: Principal): void {
  if (isWithinOwn(rights, principal)) return;
  const excess = beyond(rights, principal.grants[0]);
  throw forbidden('rights-exceeded', `you cannot give away what you do not have: ${excess}`);
}
