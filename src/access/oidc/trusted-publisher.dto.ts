import { ApiProperty } from '@nestjs/swagger';
import type { TrustedPublisherEntity } from '../../database/entities/trusted-publisher.entity.js';
import { Page } from '../../http/pagination.js';
import { RightsDto } from '../rights.dto.js';

export class TrustedPublisherDto extends RightsDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11' })
  readonly id!: string;

  @ApiProperty({ description: 'What people call it.', example: 'releases of app' })
  readonly name!: string;

  @ApiProperty({
    description: 'Who signs the ID tokens.',
    example: 'https://token.actions.githubusercontent.com',
  })
  readonly issuer!: string;

  @ApiProperty({ description: 'Whom the ID tokens are for.', example: 'https://trs.example.com' })
  readonly audience!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    description: 'The claims that the ID tokens must have, with the values of which one will do.',
    example: { repository: ['acme/app'], ref: ['refs/heads/main', 'refs/tags/v*'] },
  })
  readonly claims!: Readonly<Record<string, readonly string[]>>;

  @ApiProperty({ format: 'date-time', description: 'When it was made.' })
  readonly createdAt!: string;

  @ApiProperty({ description: 'Who made it.', example: 'administrator' })
  readonly createdBy!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when it is trusted; null until it is removed.',
  })
  readonly expiresAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a job was admitted by it last, to the minute.',
  })
  readonly lastUsedAt!: string | null;
}

export class TrustedPublisherPage extends Page {
  @ApiProperty({
    type: [TrustedPublisherDto],
    description:
      'Newest first, and only those that allow no more than your token; a page may hold fewer than there are.',
  })
  readonly items!: readonly TrustedPublisherDto[];
}

export function trustedPublisherDto(publisher: TrustedPublisherEntity): TrustedPublisherDto {
  const { id, name, issuer, audience, claims, scopes, repositories, paths } = publisher;
  const { createdAt, createdBy, expiresAt, lastUsedAt } = publisher;
  return {
    id,
    name,
    issuer,
    audience,
    claims,
    scopes,
    repositories,
    paths,
    createdAt: createdAt.toISOString(),
    createdBy,
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
