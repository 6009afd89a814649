import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mayUseRepository, mayWriteArtifact, type Rights } from '../rights/rights.js';
import { grants, type Scope } from '../rights/scope.js';

export type PrincipalKind = 'token';

/** Who makes a request, as found out before its body was read. */
export class Principal {
  constructor(
    readonly kind: PrincipalKind,
    /** Of the token. */
    readonly id: string,
    /** What tasks call it. */
    readonly name: string,
    readonly rights: Rights,
    /** Until when it is one; null for always. */
    readonly expiresAt: Date | null,
  ) {}

  holds(scope: Scope): boolean {
    return grants(this.rights.scopes, scope);
  }

  mayUseRepository(name: string): boolean {
    return mayUseRepository(this.rights, name);
  }

  /** Whether it may add, replace or remove the artifact; its repository is another question. */
  mayWriteArtifact(path: string): boolean {
    return mayWriteArtifact(this.rights, path);
  }

  get isLimitedToRepositories(): boolean {
    return this.rights.repositories !== null;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
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
