import { withRouteSettings } from './route-rule.js';

/** Opens a route to everyone. */
export const Public = () => withRouteSettings({ access: 'public' });
