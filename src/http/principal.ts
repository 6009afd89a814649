import type { FastifyRequest } from 'fastify';

/** Who makes a request, as the guard found out. */
export interface Principal {
  readonly name: string;
}

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** Null for a caller of a public route who is not known. */
export function callerOf(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

/** @throws Error on a public route: nothing there may act for a principal. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error(`no principal: ${request.routeOptions.url} is public`);
  return principal;
}
