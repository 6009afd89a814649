import { ApiProperty } from '@nestjs/swagger';
import type { SigningKeyEntity } from '../database/entities/signing-key.entity.js';
import type { ForecastItem, ForecastState, WaitingVersion } from '../tuf/forecast.js';
import type { KeyId } from '../tuf/key.js';

const STATES: ForecastState[] = ['in-time', 'awaiting-signatures', 'overdue', 'expired'];

export class ForecastKeyDto {
  @ApiProperty({ description: 'The id of the key.' })
  readonly keyId!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What people call the key; null where it is not registered, or the caller lacks `keys:read`.',
    example: 'Alice, release key 2026',
  })
  readonly name!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who answers for it.', example: 'release team' })
  readonly owner!: string | null;

  @ApiProperty({ description: 'Whether this service signs with it.', example: false })
  readonly isOnline!: boolean;
}

export class WaitingThresholdDto {
  @ApiProperty({
    enum: ['previous root', 'this root', 'this role'],
    description: 'Whose keys these are; a root takes those of the root before, too.',
    example: 'this role',
  })
  readonly of!: string;

  @ApiProperty({ description: 'How many of its keys must sign.', example: 2 })
  readonly threshold!: number;

  @ApiProperty({ type: [String], description: 'The ids of the keys that have signed.' })
  readonly signedBy!: readonly string[];

  @ApiProperty({ type: [String], description: 'The ids of the keys that may still sign.' })
  readonly mayBeSignedBy!: readonly string[];

  @ApiProperty({ description: 'How many more signatures it takes.', example: 1 })
  readonly missing!: number;
}

export class WaitingVersionDto {
  @ApiProperty({ format: 'uuid', description: 'The id of its signing event.' })
  readonly id!: string;

  @ApiProperty({ description: 'The version that waits.', example: 2 })
  readonly version!: number;

  @ApiProperty({ format: 'date-time', description: 'When it would expire itself, signed or not.' })
  readonly expires!: string;

  @ApiProperty({ description: 'How many more signatures it takes at least.', example: 1 })
  readonly missingSignatures!: number;

  @ApiProperty({ type: [WaitingThresholdDto], description: 'The thresholds that it has to reach, each on its own.' })
  readonly thresholds!: readonly WaitingThresholdDto[];
}

export class ForecastItemDto {
  @ApiProperty({
    format: 'date-time',
    description:
      'When the version in force expires, of bins the first; the expiry of the version that waits for signatures where that comes first, or where none is in force.',
  })
  readonly deadline!: string;

  @ApiProperty({ description: 'The role; for bins, the one that delegates to them.', example: 'targets' })
  readonly role!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How many bins of this role expire within the time; null where it is about the role itself.',
    example: null,
  })
  readonly bins!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The version in force, of bins the highest; null where clients know none yet.',
    example: 7,
  })
  readonly version!: number | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the version in force expires, of bins the first.',
  })
  readonly expires!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the last of these bins expires.',
  })
  readonly lastExpires!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'From when on the service signs it again or, where people sign it, asks them to; null where it has asked already.',
  })
  readonly renewedFrom!: string | null;

  @ApiProperty({
    enum: ['service', 'people'],
    description: '`service` where its online keys reach the threshold; `people` where it needs other signatures, too.',
    example: 'service',
  })
  readonly signedBy!: string;

  @ApiProperty({ description: 'How many signatures it takes.', example: 1 })
  readonly threshold!: number;

  @ApiProperty({ type: [ForecastKeyDto], description: 'The keys that may sign it.' })
  readonly keys!: readonly ForecastKeyDto[];

  @ApiProperty({
    enum: STATES,
    description: '`overdue` when the service should have signed it, or asked for signatures, and has not.',
    example: 'in-time',
  })
  readonly state!: ForecastState;

  @ApiProperty({
    type: WaitingVersionDto,
    nullable: true,
    description: 'The next version, where it waits for signatures.',
  })
  readonly waiting!: WaitingVersionDto | null;
}

export class ForecastDto {
  @ApiProperty({ description: 'The name of the repository.', example: 'demo' })
  readonly repository!: string;

  @ApiProperty({ format: 'date-time', description: 'The moment that it was made at.' })
  readonly from!: string;

  @ApiProperty({ format: 'date-time', description: 'The moment up to which it looks.' })
  readonly until!: string;

  @ApiProperty({ type: [ForecastItemDto], description: 'In order of their deadlines.' })
  readonly items!: readonly ForecastItemDto[];
}

export function forecastItemDto(
  item: ForecastItem,
  online: ReadonlySet<KeyId>,
  named: ReadonlyMap<KeyId, Pick<SigningKeyEntity, 'name' | 'owner'>>,
): ForecastItemDto {
  const { signers, waiting, deadline, expires, lastExpires, renewedFrom } = item;
  return {
    deadline: deadline.toISOString(),
    role: item.role,
    bins: item.bins,
    version: item.version,
    expires: expires?.toISOString() ?? null,
    lastExpires: lastExpires?.toISOString() ?? null,
    renewedFrom: renewedFrom?.toISOString() ?? null,
    signedBy: item.signedBy,
    threshold: signers.threshold,
    keys: signers.keyids.map((keyId) => {
      const { name = null, owner = null } = named.get(keyId) ?? {};
      return { keyId, name, owner, isOnline: online.has(keyId) };
    }),
    state: item.state,
    waiting: waiting && waitingDto(waiting),
  };
}

function waitingDto({ expires, ...waiting }: WaitingVersion): WaitingVersionDto {
  return { ...waiting, expires: expires.toISOString() };
}
