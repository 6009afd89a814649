import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, MaxLength } from 'class-validator';
import { AUDIT_ACTIONS, type AuditAction } from '../audit-chain/audit-entry.js';
import { Optional } from '../http/optional.decorator.js';
import { PageQuery } from '../http/pagination.js';

export class ListAuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only what this principal asked for or tried.', example: 'administrator' })
  @Optional()
  @IsString()
  @MaxLength(1_024)
  readonly principal?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS, description: 'Only this action.' })
  @Optional()
  @IsIn(AUDIT_ACTIONS)
  readonly action?: AuditAction;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only entries of this moment or later.' })
  @Optional()
  @IsISO8601({ strict: true, strictSeparator: true })
  readonly since?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only entries of before this moment.' })
  @Optional()
  @IsISO8601({ strict: true, strictSeparator: true })
  readonly until?: string;
}
