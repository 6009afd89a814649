import { ApiProperty } from '@nestjs/swagger';
import type { RoleEntity } from '../database/entities/role.entity.js';
import { Page } from '../http/pagination.js';
import type { KeyId } from '../tuf/key.js';
import type { RoleDefinition } from '../tuf/role-definition.js';

/** More hash prefixes than these are not listed: classic bins have thousands. */
const LISTED_PREFIXES = 256;

export class RoleBinsDto {
  @ApiProperty({ description: 'How many bins there are.', example: 256 })
  readonly count!: number;

  @ApiProperty({
    enum: ['succinct', 'classic'],
    description: 'How the delegation spells them out.',
    example: 'succinct',
  })
  readonly kind!: string;

  @ApiProperty({ type: [String], description: 'The ids of the keys that sign them.' })
  readonly keyIds!: readonly string[];

  @ApiProperty({ description: 'How many signatures each takes.', example: 1 })
  readonly threshold!: number;
}

export class RoleLifetimeDto {
  @ApiProperty({ description: 'Seconds from signing to expiry.', example: 7_776_000 })
  readonly expiry!: number;

  @ApiProperty({
    description: 'Seconds before expiry from which it is signed again or, where people sign, asked to be.',
    example: 1_944_000,
  })
  readonly renewalWindow!: number;
}

export class RoleDto {
  @ApiProperty({ description: 'The name of the role.', example: 'bins-3f' })
  readonly name!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The version in force; null for a role that waits for its first signatures.',
    example: 3,
  })
  readonly version!: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When that version expires.' })
  readonly expires!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From when on the service signs it again or, where people sign it, asks them to.',
  })
  readonly renewedFrom!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The role that delegates to it; null for root.',
    example: 'targets',
  })
  readonly delegator!: string | null;

  @ApiProperty({ type: [String], description: 'The ids of the keys that may sign it.' })
  readonly keyIds!: readonly string[];

  @ApiProperty({ type: [String], description: 'Those of them that this service signs with.' })
  readonly onlineKeyIds!: readonly string[];

  @ApiProperty({ description: 'How many signatures it takes.', example: 1 })
  readonly threshold!: number;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The path patterns that are delegated to it; null for top-level roles and bins.',
    example: null,
  })
  readonly paths!: readonly string[] | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The path hash prefixes that are delegated to it; null where there are none, or too many to list.',
    example: null,
  })
  readonly pathHashPrefixes!: readonly string[] | null;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether clients that do not find a path here look no further.',
    example: false,
  })
  readonly terminating!: boolean | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Its place among the roles of its delegator, 0 being the first.',
    example: 0,
  })
  readonly position!: number | null;

  @ApiProperty({ type: RoleBinsDto, nullable: true, description: 'The hash bins that it delegates to.' })
  readonly bins!: RoleBinsDto | null;

  @ApiProperty({ type: RoleLifetimeDto, description: 'For how long a version is valid.' })
  readonly lifetime!: RoleLifetimeDto;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The open signing event for its next version.',
    example: null,
  })
  readonly signingEvent!: string | null;
}

export class RolePage extends Page {
  @ApiProperty({ type: [RoleDto], description: 'In order of their names.' })
  readonly items!: readonly RoleDto[];
}

export function roleDto(
  definition: RoleDefinition,
  inForce: RoleEntity | null,
  online: ReadonlySet<KeyId>,
  signingEvent: string | null,
): RoleDto {
  const { name, delegator, signers, delegation, position, bins, lifetime } = definition;
  const prefixes = delegation?.path_hash_prefixes ?? [];
  return {
    name,
    version: inForce?.version ?? null,
    expires: inForce?.expiresAt.toISOString() ?? null,
    renewedFrom: inForce?.renewAt.toISOString() ?? null,
    delegator,
    keyIds: signers.keyids,
    onlineKeyIds: signers.keyids.filter((keyid) => online.has(keyid)),
    threshold: signers.threshold,
    paths: delegation?.paths ?? null,
    pathHashPrefixes: prefixes.length > 0 && prefixes.length <= LISTED_PREFIXES ? prefixes : null,
    terminating: delegation?.terminating ?? null,
    position,
    bins: bins && {
      count: bins.count,
      kind: bins.kind,
      keyIds: bins.signers.keyids,
      threshold: bins.signers.threshold,
    },
    lifetime,
    signingEvent,
  };
}
