import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Principal, setPrincipal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { assertMayUseRepository, forbidden, unauthorized } from '../http/refused.js';
import { Authenticator } from './authenticator.service.js';

/** Closed by default: a route serves those whom its rule names, and one without a rule serves nobody. */
@Injectable()
export class AccessControl {
  constructor(private readonly authenticator: Authenticator) {}

  /**
   * Admits a request before its body is read, so that nobody unknown makes the service parse anything.
   * @throws ProblemError 401 or 403.
   */
  async admit(request: FastifyRequest): Promise<void> {
    if (request.is404) throw new ProblemError(404, 'route-unknown', `Cannot ${request.method} ${request.url}`);
    if (request.routeOptions.config.access === 'public') return;
    const principal = await this.authenticator.principalOf(request.headers.authorization);
    if (!principal) throw unauthorized();
    setPrincipal(request, principal);
    assertAllowed(request, principal);
  }
}

function assertAllowed({ routeOptions, params }: FastifyRequest, principal: Principal): void {
  const rule = routeOptions.config.access;
  if (!rule || rule === 'public') throw forbidden('scope-missing', 'no scope opens this route');
  if (!principal.holds(rule.scope)) throw forbidden('scope-missing', `this needs the scope ${rule.scope}`);
  const { repository } = params as { readonly repository?: string };
  if (repository !== undefined) assertMayUseRepository(principal, repository);
  else if (principal.isLimitedToRepositories && !rule.confines) {
    throw forbidden('repository-not-allowed', 'this is about all repositories, and your access is limited to some');
  }
}
