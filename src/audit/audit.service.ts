import { Injectable } from '@nestjs/common';
import { type AuditFilter, AuditStore } from '../database/audit.store.js';
import { AuditChainStore } from '../database/audit-chain.store.js';
import { AuditCheckpointStore } from '../database/audit-checkpoint.store.js';
import { RepositoryStore } from '../database/repository.store.js';
import { cursorInvalid, cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import { type AuditChainDto, type AuditChainPage, auditChainDto } from './audit-chain.dto.js';
import { type AuditLinkPage, type AuditPage, auditLinkDto, listedEntryDto } from './audit-entry.dto.js';
import type { ListAuditQuery } from './list-audit.query.js';

/** The chain of what concerns no single repository. */
export const SERVICE_CHAIN = '';

@Injectable()
export class AuditService {
  constructor(
    private readonly audit: AuditStore,
    private readonly chains: AuditChainStore,
    private readonly checkpoints: AuditCheckpointStore,
    private readonly repositories: RepositoryStore,
  ) {}

  /** @param repository left out for the entries of all, and of the service. */
  async list(query: ListAuditQuery, repository?: string): Promise<AuditPage> {
    const filter = { ...filterOf(query), ...(repository !== undefined && { repository }) };
    const found = await this.audit.list(filter, query.limit + 1);
    return pageOf(found, query.limit, ({ sequence }) => sequence, listedEntryDto);
  }

  async links(chain: string, query: PageQuery): Promise<AuditLinkPage> {
    const found = await this.chains.links(chain, Number(numberCursor(query)), query.limit + 1);
    return pageOf(found, query.limit, ({ position }) => String(position), auditLinkDto);
  }

  async chain(repository: string): Promise<AuditChainDto> {
    const checkpoint = await this.checkpoints.find(repository);
    const [state] = await this.chains.states([repository]);
    if (!state) throw new Error('one chain has one state');
    return auditChainDto(state, checkpoint);
  }

  /** The chain of the service, then those of the repositories by name. */
  async listChains(query: PageQuery): Promise<AuditChainPage> {
    const after = cursorKey(query);
    const repositories = (await this.repositories.list(after, query.limit + 1)).map(({ name }) => name);
    const names = after === '' ? [SERVICE_CHAIN, ...repositories] : repositories;
    const page = pageOf(names, query.limit, nameOf, nameOf);
    return { items: await Promise.all(page.items.map((name) => this.chain(name))), next: page.next };
  }
}

function nameOf(name: string): string {
  return name;
}

function filterOf({ principal, action, since, until, ...query }: ListAuditQuery): AuditFilter {
  const before = numberCursor(query);
  return {
    ...(principal !== undefined && { principal }),
    ...(action !== undefined && { action }),
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
    ...(before !== '' && { before }),
  };
}

function numberCursor(query: PageQuery): string {
  const key = cursorKey(query);
  if (key !== '' && !/^\d{1,15}$/.test(key)) throw cursorInvalid();
  return key;
}
