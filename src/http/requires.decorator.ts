import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Scope } from '../rights/scope.js';
import { withRouteSettings } from './route-rule.js';

/**
 * Opens a route to principals with this scope; below a repository, to those who may use that one. A route that is below
 * none refuses principals who are limited to repositories: see {@link RequiresAndConfines}.
 */
export function Requires(scope: Scope): MethodDecorator {
  return requires(scope, false);
}

/** Like {@link Requires}, for a handler that shows and takes only what is within the rights of the principal. */
export function RequiresAndConfines(scope: Scope): MethodDecorator {
  return requires(scope, true);
}

function requires(scope: Scope, confines: boolean): MethodDecorator {
  return applyDecorators(withRouteSettings({ access: { scope, confines } }), ApiExtension('x-required-scope', scope));
}
