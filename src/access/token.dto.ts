import { ApiProperty } from '@nestjs/swagger';
import type { AccessTokenEntity } from '../database/entities/access-token.entity.js';
import { Page } from '../http/pagination.js';
import { RightsDto } from './rights.dto.js';

const STATES = ['active', 'expired', 'revoked'] as const;

export class TokenDto extends RightsDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the token.', example: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11' })
  readonly id!: string;

  @ApiProperty({ description: 'What people call it.', example: 'ci of team-a' })
  readonly name!: string;

  @ApiProperty({ enum: STATES, description: 'Whether it still opens anything.', example: 'active' })
  readonly state!: (typeof STATES)[number];

  @ApiProperty({ format: 'date-time', description: 'When it was made.' })
  readonly createdAt!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who made it; null for the administrator’s first token.',
    example: 'administrator',
  })
  readonly createdBy!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when it is valid; null for always.',
  })
  readonly expiresAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when it is not valid any more.',
  })
  readonly revokedAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was used last, to the minute.',
  })
  readonly lastUsedAt!: string | null;
}

export class NewTokenDto extends TokenDto {
  @ApiProperty({
    description: 'The token. It is shown this once: the service keeps its hash alone.',
    example: 'trs_…',
  })
  readonly token!: string;
}

export class TokenPage extends Page {
  @ApiProperty({
    type: [TokenDto],
    description: 'Newest first, and only those that allow no more than your own; a page may hold fewer than there are.',
  })
  readonly items!: readonly TokenDto[];
}

export function tokenDto(token: AccessTokenEntity, now: Date): TokenDto {
  const { id, name, scopes, repositories, paths, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt } = token;
  return {
    id,
    name,
    state: stateOf(token, now),
    scopes,
    repositories,
    paths,
    createdAt: createdAt.toISOString(),
    createdBy,
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

function stateOf({ revokedAt, expiresAt }: AccessTokenEntity, now: Date): TokenDto['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
