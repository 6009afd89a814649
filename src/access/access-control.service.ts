import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Principal, setPrincipal } from '../http/principal.js';
import { forbidden, repositoryNotAllowed, unauthorized } from '../http/refused.js';
import { mayUseRepository } from '../rights/rights.js';
import { grants, type Scope } from '../rights/scope.js';
import { Authenticator } from './authenticator.service.js';

/** Closed by default: a route serves those whom its rule names, and one without a rule serves nobody. */
@Injectable()
export class AccessControl {
  constructor(private readonly authenticator: Authenticator) {}

  /**
   * Finds out who makes a request, before its body is read, so that nobody unknown makes the service parse anything.
   * @param beforeGuess may refuse to look at anything but a token that was good before. @throws ProblemError 401 or 403.
   */
  async admit(request: FastifyRequest, beforeGuess: () => Promise<void>): Promise<void> {
    const principal = await this.authenticator.principalOf(request.headers.authorization, beforeGuess);
    if (!principal) throw unauthorized();
    setPrincipal(request, principal);
    setPrincipal(request, allowedHere(request, principal));
  }

  /** Of whoever uses a public route; those without this scope stay unknown there. @returns whether the token is good. */
  async recognise(request: FastifyRequest, scope: Scope, beforeGuess: () => Promise<void>): Promise<boolean> {
    const principal = await this.authenticator.principalOf(request.headers.authorization, beforeGuess);
    const holder = principal?.with(({ scopes }) => grants(scopes, scope));
    if (holder) setPrincipal(request, holder);
    return principal !== null;
  }
}

/** The principal with the rights that it has on this route, in this repository, and no others. */
function allowedHere({ routeOptions, params }: FastifyRequest, principal: Principal): Principal {
  const rule = routeOptions.config.access;
  if (!rule || rule === 'public') throw forbidden('scope-missing', 'no scope opens this route');
  const holder = principal.with(({ scopes }) => grants(scopes, rule.scope));
  if (!holder) throw forbidden('scope-missing', `this needs the scope ${rule.scope}`);
  const { repository } = params as { readonly repository?: string };
  if (rule.confines && repository === undefined) return holder;
  const allowed = holder.with((grant) =>
    repository === undefined ? grant.repositories === null : mayUseRepository(grant, repository),
  );
  if (!allowed) throw repositoryNotAllowed(repository);
  return allowed;
}
