import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../audit-chain/audit-entry.js';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { AccessTokenEntity } from '../database/entities/access-token.entity.js';
import { type PageQuery, pageOf } from '../http/pagination.js';
import type { Principal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { uuidCursor } from '../http/uuid-cursor.js';
import { hashOfToken, newAccessToken } from './access-token.js';
import type { CreateTokenDto } from './create-token.dto.js';
import { parseRights } from './given-rights.js';
import { assertWithinOwn, isWithinOwn } from './own-rights.js';
import { type NewTokenDto, type TokenDto, type TokenPage, tokenDto } from './token.dto.js';
import { defaultExpiry, expiryOf } from './validity.js';
import { VerifiedPrincipals } from './verified-principals.js';

/** Makes and revokes tokens. A principal makes, sees and revokes those that allow no more than its own rights. */
@Injectable()
export class TokensService {
  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly verified: VerifiedPrincipals,
    private readonly clock: Clock,
  ) {}

  async create(body: CreateTokenDto, principal: Principal, origin: Origin): Promise<NewTokenDto> {
    const rights = parseRights(body);
    assertWithinOwn(rights, principal);
    const createdAt = this.clock.now();
    const token = newAccessToken();
    const record = {
      ...rights,
      id: randomUUID(),
      name: body.name,
      hash: hashOfToken(token),
      createdAt,
      createdBy: principal.name,
      expiresAt: tokenExpiry(body, createdAt, principal.expiresAt),
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.tokens.add(record, origin);
    return { ...tokenDto(record, createdAt), token };
  }

  async list(query: PageQuery, principal: Principal): Promise<TokenPage> {
    const found = await this.tokens.list(uuidCursor(query), query.limit + 1);
    const { items, next } = pageOf(
      found,
      query.limit,
      ({ id }) => id,
      (token) => token,
    );
    const now = this.clock.now();
    return { items: items.filter((token) => isWithinOwn(token, principal)).map((token) => tokenDto(token, now)), next };
  }

  async get(id: string, principal: Principal): Promise<TokenDto> {
    return tokenDto(await this.find(id, principal), this.clock.now());
  }

  /** From the answer on, no request with this token is admitted by this process, and soon by none. */
  async revoke(id: string, principal: Principal, origin: Origin): Promise<TokenDto> {
    await this.find(id, principal);
    await this.tokens.revoke(id, this.clock.now(), origin);
    this.verified.forgetAll();
    return this.get(id, principal);
  }

  private async find(id: string, principal: Principal): Promise<AccessTokenEntity> {
    const token = await this.tokens.find(id);
    if (token && isWithinOwn(token, principal)) return token;
    throw new ProblemError(404, 'token-unknown', 'there is no token with this id');
  }
}

function tokenExpiry(body: CreateTokenDto, now: Date, latest: Date | null): Date | null {
  const isSaid = body.expiresIn !== undefined || body.permanent === true;
  return isSaid ? expiryOf(body, now, latest) : defaultExpiry(now, latest);
}
