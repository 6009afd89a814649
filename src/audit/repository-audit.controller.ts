import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { PageQuery } from '../http/pagination.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { AuditService } from './audit.service.js';
import { AuditChainDto } from './audit-chain.dto.js';
import { AuditLinkPage, AuditPage } from './audit-entry.dto.js';
import { ListAuditQuery } from './list-audit.query.js';

@ApiTags('audit')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/audit')
export class RepositoryAuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Requires('audit:read')
  @ApiOperation({ summary: 'List who did, asked for or tried what in a repository' })
  @ApiOkResponse({ type: AuditPage })
  list(
    @Param('repository', RepositoryPipe) { name }: RepositoryRecord,
    @Query() query: ListAuditQuery,
  ): Promise<AuditPage> {
    return this.audit.list(query, name);
  }

  @Get('chain')
  @Requires('audit:read')
  @ApiOperation({ summary: 'Get how far the chain of a repository goes, and its last checkpoint' })
  @ApiOkResponse({ type: AuditChainDto })
  chain(@Param('repository', RepositoryPipe) { name }: RepositoryRecord): Promise<AuditChainDto> {
    return this.audit.chain(name);
  }

  @Get('links')
  @Requires('audit:read')
  @ApiOperation({ summary: 'List the chain of a repository, oldest first, to verify it' })
  @ApiOkResponse({ type: AuditLinkPage })
  links(
    @Param('repository', RepositoryPipe) { name }: RepositoryRecord,
    @Query() query: PageQuery,
  ): Promise<AuditLinkPage> {
    return this.audit.links(name, query);
  }
}
