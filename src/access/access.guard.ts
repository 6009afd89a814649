import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessTokenStore } from '../database/access-token.store.js';
import { setPrincipal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { IS_PUBLIC, KNOWS_CALLERS } from '../http/public.decorator.js';
import { hashOfToken } from './access-token.js';

/** Closed by default: every route that is not marked public needs a bearer token (RFC 6750). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokenStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.isMarked(IS_PUBLIC, context);
    if (isPublic && !this.isMarked(KNOWS_CALLERS, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const given = /^Bearer ([!-~]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = given === undefined ? null : await this.tokens.findByHash(hashOfToken(given));
    if (token) setPrincipal(request, { name: token.name });
    if (token || isPublic) return true;
    throw new ProblemError(401, 'unauthorized', 'this needs a valid token: Authorization: Bearer TOKEN');
  }

  private isMarked(mark: string, context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean>(mark, [context.getHandler(), context.getClass()]) === true;
  }
}
