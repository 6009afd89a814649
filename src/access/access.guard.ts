import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessTokenStore } from '../database/access-token.store.js';
import { setPrincipal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { IS_PUBLIC } from '../http/public.decorator.js';
import { hashOfToken } from './access-token.js';

/** Closed by default: every route that is not marked public needs a bearer token (RFC 6750). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokenStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const given = /^Bearer ([!-~]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = given === undefined ? null : await this.tokens.findByHash(hashOfToken(given));
    if (!token) throw new ProblemError(401, 'unauthorized', 'this needs a valid token: Authorization: Bearer TOKEN');
    setPrincipal(request, { name: token.name });
    return true;
  }
}
