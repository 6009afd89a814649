import type { Scope } from '../rights/scope.js';
import { withRouteSettings } from './route-rule.js';

/** Opens a route to everyone. */
export const Public = () => withRouteSettings({ access: 'public' });

/** Opens a route to everyone, as often as an address may ask: for what each time asks the database. */
export const PublicWithinLimits = () => withRouteSettings({ access: 'public', isLimited: true });

/** Opens a route to everyone; who shows a token with this scope may be told more. */
export const PublicAndMoreWith = (scope: Scope) => withRouteSettings({ access: 'public', moreWith: scope });
