import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit-chain/audit-entry.js';
import { Clock } from '../../clock.js';
import type { TrustedPublisherEntity } from '../../database/entities/trusted-publisher.entity.js';
import { TrustedPublisherStore } from '../../database/trusted-publisher.store.js';
import { type PageQuery, pageOf } from '../../http/pagination.js';
import type { Principal } from '../../http/principal.js';
import { ProblemError } from '../../http/problem.js';
import { uuidCursor } from '../../http/uuid-cursor.js';
import type { Rights } from '../../rights/rights.js';
import { grants } from '../../rights/scope.js';
import { parseRights } from '../given-rights.js';
import { assertWithinOwn, isWithinOwn } from '../own-rights.js';
import { expiryOf } from '../validity.js';
import { VerifiedPrincipals } from '../verified-principals.js';
import type { CreateTrustedPublisherDto } from './create-trusted-publisher.dto.js';
import { parseClaims } from './given-claims.js';
import { IdTokenVerifier } from './id-token-verifier.service.js';
import { type TrustedPublisherDto, type TrustedPublisherPage, trustedPublisherDto } from './trusted-publisher.dto.js';

/** Says which CI jobs may do what. A principal makes, sees and removes what allows no more than its own rights. */
@Injectable()
export class TrustedPublishersService {
  constructor(
    private readonly publishers: TrustedPublisherStore,
    private readonly tokens: IdTokenVerifier,
    private readonly verified: VerifiedPrincipals,
    private readonly clock: Clock,
  ) {}

  async create(body: CreateTrustedPublisherDto, principal: Principal, origin: Origin): Promise<TrustedPublisherDto> {
    const { name, issuer, audience } = body;
    if (!this.tokens.trusts(issuer)) throw invalid('issuer', 'must be one of those that TRS_OIDC_ISSUERS names');
    const claims = parseClaims(issuer, body.claims);
    const rights = parseRights(body);
    assertNoAccessManagement(rights);
    assertWithinOwn(rights, principal);
    const createdAt = this.clock.now();
    const record = {
      ...{ id: randomUUID(), name, issuer, audience, claims, ...rights },
      createdAt,
      createdBy: principal.name,
      expiresAt: expiryOf(body, createdAt, principal.expiresAt),
      lastUsedAt: null,
    };
    await this.publishers.add(record, origin);
    this.verified.forgetAll();
    return trustedPublisherDto(record);
  }

  async list(query: PageQuery, principal: Principal): Promise<TrustedPublisherPage> {
    const found = await this.publishers.list(uuidCursor(query), query.limit + 1);
    const page = pageOf(
      found,
      query.limit,
      ({ id }) => id,
      (publisher) => publisher,
    );
    const items = page.items.filter((publisher) => isWithinOwn(publisher, principal)).map(trustedPublisherDto);
    return { items, next: page.next };
  }

  async get(id: string, principal: Principal): Promise<TrustedPublisherDto> {
    return trustedPublisherDto(await this.find(id, principal));
  }

  /** From the answer on, no job is admitted by it in this process, and soon in none. */
  async remove(id: string, principal: Principal, origin: Origin): Promise<TrustedPublisherDto> {
    const publisher = await this.find(id, principal);
    await this.publishers.remove(publisher, this.clock.now(), origin);
    this.verified.forgetAll();
    return trustedPublisherDto(publisher);
  }

  private async find(id: string, principal: Principal): Promise<TrustedPublisherEntity> {
    const publisher = await this.publishers.find(id);
    if (publisher && isWithinOwn(publisher, principal)) return publisher;
    throw new ProblemError(404, 'trusted-publisher-unknown', 'there is no trusted publisher with this id');
  }
}

// What a job could make would outlive the job, and everybody's trust in it.
function assertNoAccessManagement({ scopes }: Rights): void {
  if (!grants(scopes, 'tokens:write')) return;
  throw invalid('scopes', 'must not contain admin or tokens:write: CI jobs do not manage access');
}

function invalid(field: string, rule: string): ProblemError {
  return new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}
