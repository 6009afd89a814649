import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../audit-chain/audit-entry.js';
import { principalOf } from './principal.js';

/** Who makes a request, and from where, for the audit log. */
export const OriginOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): Origin => originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function originOf(request: FastifyRequest): Origin {
  const { name, id } = principalOf(request);
  return { principal: name, credential: id, address: request.ip };
}
