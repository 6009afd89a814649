import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mayUseRepository, mayWriteArtifact, type Rights } from '../rights/rights.js';
import { grants, type Scope } from '../rights/scope.js';

export type PrincipalKind = 'token' | 'trusted-publisher';

/** Rights with where they come from: the id of the token or of the trusted publisher. */
export interface Grant extends Rights {
  readonly id: string;
}

/** Who makes a request, as found out before its body was read. A token has one grant, a CI job one of each rule it fits. */
export class Principal {
  constructor(
    readonly kind: PrincipalKind,
    /** What tasks call it. */
    readonly name: string,
    readonly grants: readonly [Grant, ...Grant[]],
    /** Until when it is one; null for always. */
    readonly expiresAt: Date | null,
  ) {}

  /** Of the token, or of the first trusted publisher that allows what is asked. */
  get id(): string {
    return this.grants[0].id;
  }

  /** The same with only those grants that allow something; null where none does. */
  with(allows: (grant: Grant) => boolean): Principal | null {
    const [first, ...others] = this.grants.filter(allows);
    return first ? new Principal(this.kind, this.name, [first, ...others], this.expiresAt) : null;
  }

  holds(scope: Scope): boolean {
    return this.grants.some(({ scopes }) => grants(scopes, scope));
  }

  mayUseRepository(name: string): boolean {
    return this.grants.some((grant) => mayUseRepository(grant, name));
  }

  /** Whether it may add, replace or remove the artifact in the repository of the request. */
  mayWriteArtifact(path: string): boolean {
    return this.grants.some((grant) => mayWriteArtifact(grant, path));
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** Who calls a public route that tells some callers more; null for everybody else. */
export function recognisedPrincipal(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

/** @throws Error on a public route: nothing there may act for a principal. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error(`no principal: ${request.routeOptions.url} is public`);
  return principal;
}

/** The principal as a parameter of a handler. */
export const PrincipalOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal =>
    principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
/** Null where nobody has proved, or has to prove, who they are. */
export function principalOrNull(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}
