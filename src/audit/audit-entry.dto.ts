import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { AUDIT_ACTIONS, type AuditEntry } from '../audit-chain/audit-entry.js';
import type { ReadLink } from '../audit-chain/chain-walk.js';
import type { ListedEntry } from '../database/audit.store.js';
import { Page } from '../http/pagination.js';

export class VersionDigestDto {
  @ApiProperty({ description: 'The version of the role.', example: 2 })
  readonly version!: number;

  @ApiProperty({ description: 'The sha256 of its file, in hex.' })
  readonly sha256!: string;
}

const DIGESTS = {
  type: 'object',
  nullable: true,
  additionalProperties: { $ref: getSchemaPath(VersionDigestDto) },
} as const;

@ApiExtraModels(VersionDigestDto)
export class AuditEntryDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the entry.' })
  readonly id!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was done, asked for, or refused.' })
  readonly at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The repository; null for what concerns no single one.',
    example: 'demo',
  })
  readonly repository!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who asked; null where the service acts by itself, or where nobody proved who they are.',
    example: 'administrator',
  })
  readonly principal!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The id of the token, or of the trusted publisher, that the principal was known by.',
  })
  readonly credential!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The address that the request came from; null where the service acts by itself.',
    example: '192.0.2.7',
  })
  readonly address!: string | null;

  @ApiProperty({ enum: AUDIT_ACTIONS, description: 'What was done, asked for, or tried.', example: 'add-artifacts' })
  readonly action!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What it was about: names, counts and digests. `changeDigest` is the sha256 of the task’s change.',
  })
  readonly target!: object;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The task that records the change.' })
  readonly task!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'The revision that was published.', example: 2 })
  readonly revision!: number | null;

  @ApiProperty({ ...DIGESTS, description: 'Of the roles that got a new version, what clients saw before.' })
  readonly before!: object | null;

  @ApiProperty({ ...DIGESTS, description: 'Of the same roles, what clients see since.' })
  readonly after!: object | null;
}

export class ListedAuditEntryDto extends AuditEntryDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Its place in the chain of its repository, from 1; null until it has one, for a second or so.',
    example: 12,
  })
  readonly position!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'The hash of its link, in hex.' })
  readonly hash!: string | null;
}

export class AuditPage extends Page {
  @ApiProperty({ type: [ListedAuditEntryDto], description: 'Newest first.' })
  readonly items!: readonly ListedAuditEntryDto[];
}

export class AuditLinkDto {
  @ApiProperty({ description: 'The place in the chain, from 1.', example: 12 })
  readonly position!: number;

  @ApiProperty({ description: 'sha256 of the canonical JSON of the hash before, the place and the entry, in hex.' })
  readonly hash!: string;

  @ApiProperty({ type: AuditEntryDto, nullable: true, description: 'The entry; null where somebody took it away.' })
  readonly entry!: AuditEntryDto | null;
}

export class AuditLinkPage extends Page {
  @ApiProperty({ type: [AuditLinkDto], description: 'In the order of the chain.' })
  readonly items!: readonly AuditLinkDto[];
}

export function listedEntryDto({ entry, position, hash }: ListedEntry): ListedAuditEntryDto {
  return { ...auditEntryDto(entry), position, hash };
}

export function auditLinkDto({ position, hash, entry }: ReadLink): AuditLinkDto {
  return { position, hash, entry: entry && auditEntryDto(entry) };
}

function auditEntryDto(entry: AuditEntry): AuditEntryDto {
  return entry;
}
