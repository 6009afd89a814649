import type { Scope } from '../rights/scope.js';
import { withRouteSettings } from './route-rule.js';

/** Opens a route to everyone. */
export const Public = () => withRouteSettings({ access: 'public' });

/** Opens a route to everyone; who shows a token with this scope may be told more. */
export const PublicAndMoreWith = (scope: Scope) => withRouteSettings({ access: 'public', moreWith: scope });
