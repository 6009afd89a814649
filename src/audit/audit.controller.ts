import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { PageQuery } from '../http/pagination.js';
import { Requires } from '../http/requires.decorator.js';
import { AuditService, SERVICE_CHAIN } from './audit.service.js';
import { AuditChainPage } from './audit-chain.dto.js';
import { AuditLinkPage, AuditPage } from './audit-entry.dto.js';
import { ListAuditQuery } from './list-audit.query.js';

@ApiTags('audit')
@ApiErrors(400, 401, 503)
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Requires('audit:read')
  @ApiOperation({ summary: 'List who did, asked for or tried what, in all repositories and beside them' })
  @ApiOkResponse({ type: AuditPage })
  list(@Query() query: ListAuditQuery): Promise<AuditPage> {
    return this.audit.list(query);
  }

  @Get('chains')
  @Requires('audit:read')
  @ApiOperation({ summary: 'List the chains of the audit log: how far each goes, and its last checkpoint' })
  @ApiOkResponse({ type: AuditChainPage })
  chains(@Query() query: PageQuery): Promise<AuditChainPage> {
    return this.audit.listChains(query);
  }

  @Get('links')
  @Requires('audit:read')
  @ApiOperation({ summary: 'List the chain of what concerns no single repository, oldest first, to verify it' })
  @ApiOkResponse({ type: AuditLinkPage })
  links(@Query() query: PageQuery): Promise<AuditLinkPage> {
    return this.audit.links(SERVICE_CHAIN, query);
  }
}
