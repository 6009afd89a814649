import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, ValidateNested } from 'class-validator';
import { DurationDto, secondsOf } from '../http/duration.dto.js';
import { Optional } from '../http/optional.decorator.js';
import type { BinsKind } from '../tuf/hash-bins.js';
import { DEFAULT_BINS, DEFAULT_EXPIRY, type GivenSettings, LIFETIME_ROLES } from '../tuf/settings.js';

const BINS_KINDS: BinsKind[] = ['succinct', 'classic'];

export class BinsDto {
  @ApiPropertyOptional({
    description: 'How many hash bins share the artifacts: a power of two from 2 to 16,384.',
    minimum: 2,
    maximum: 16_384,
    default: DEFAULT_BINS.count,
    example: DEFAULT_BINS.count,
  })
  @Optional()
  @IsInt()
  readonly count?: number;

  @ApiPropertyOptional({
    enum: BINS_KINDS,
    default: DEFAULT_BINS.kind,
    description: '`succinct` (TAP 15) is small; `classic` spells out path_hash_prefixes for clients such as tough.',
    example: DEFAULT_BINS.kind,
  })
  @Optional()
  @IsIn(BINS_KINDS)
  readonly kind?: BinsKind;
}

export class DurationsDto {
  @ApiPropertyOptional({ type: DurationDto, description: 'Root; each next root may say otherwise.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly root?: DurationDto;

  @ApiPropertyOptional({ type: DurationDto, description: 'The top-level targets role.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly targets?: DurationDto;

  @ApiPropertyOptional({
    type: DurationDto,
    description: 'Every delegated role that is no bin, unless it has a duration of its own.',
  })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly roles?: DurationDto;

  @ApiPropertyOptional({
    type: DurationDto,
    description: 'Every hash bin; spread, so that they do not fall due together.',
  })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly bins?: DurationDto;

  @ApiPropertyOptional({ type: DurationDto, description: 'Snapshot.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly snapshot?: DurationDto;

  @ApiPropertyOptional({ type: DurationDto, description: 'Timestamp.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly timestamp?: DurationDto;
}

const days = (seconds: number) => ({ days: seconds / 86_400 });

export class SettingsDto {
  @ApiPropertyOptional({ type: BinsDto, description: 'The hash bins that list the artifacts.' })
  @Optional()
  @ValidateNested()
  @Type(() => BinsDto)
  readonly bins?: BinsDto;

  @ApiPropertyOptional({
    type: DurationsDto,
    description: 'How long metadata is valid from its signing, for each role; from 10 seconds to 3,650 days.',
    example: Object.fromEntries(LIFETIME_ROLES.map((role) => [role, days(DEFAULT_EXPIRY[role])])),
  })
  @Optional()
  @ValidateNested()
  @Type(() => DurationsDto)
  readonly expiry?: DurationsDto;

  @ApiPropertyOptional({
    type: DurationsDto,
    description: 'How long before its expiry a role is signed again; a quarter of its expiry unless given.',
    example: { timestamp: { seconds: 21_600 } },
  })
  @Optional()
  @ValidateNested()
  @Type(() => DurationsDto)
  readonly renewalWindow?: DurationsDto;
}

export function givenSettings(dto: SettingsDto): GivenSettings {
  return {
    ...(dto.bins && { bins: dto.bins }),
    ...(dto.expiry && { expiry: secondsByRole(dto.expiry, 'settings.expiry') }),
    ...(dto.renewalWindow && { renewalWindow: secondsByRole(dto.renewalWindow, 'settings.renewalWindow') }),
  };
}

function secondsByRole(durations: DurationsDto, field: string): NonNullable<GivenSettings['expiry']> {
  const given = LIFETIME_ROLES.flatMap((role) => {
    const duration = durations[role];
    return duration ? [[role, secondsOf(duration, `${field}.${role}`)] as const] : [];
  });
  return Object.fromEntries(given);
}
