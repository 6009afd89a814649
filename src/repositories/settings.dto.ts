import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  Matches,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Duration } from '../http/duration.decorator.js';
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

  @ApiPropertyOptional({
    type: [String],
    description:
      'The ids of the online keys that sign the bins; unless given, those of targets or, where people sign that, those of snapshot.',
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(/^[0-9a-f]{64}$/, { each: true, message: 'keys must be ids of 64 lower-case hex digits' })
  readonly keys?: readonly string[];

  @ApiPropertyOptional({ description: 'How many of these keys must sign each bin.', minimum: 1, default: 1 })
  @Optional()
  @IsInt()
  @Min(1)
  readonly threshold?: number;
}

export class DurationsDto {
  @Duration({ description: 'Root; each next root may say otherwise.' })
  readonly root?: DurationDto;

  @Duration({ description: 'The top-level targets role.' })
  readonly targets?: DurationDto;

  @Duration({ description: 'Every delegated role that is no bin, unless it has a duration of its own.' })
  readonly roles?: DurationDto;

  @Duration({ description: 'Every hash bin; spread, so that they do not fall due together.' })
  readonly bins?: DurationDto;

  @Duration({ description: 'Snapshot.' })
  readonly snapshot?: DurationDto;

  @Duration({ description: 'Timestamp.' })
  readonly timestamp?: DurationDto;
}

const days = (seconds: number) => ({ days: seconds / 86_400 });

/** What can be changed of a repository that exists; what is left out stays. */
export class UpdateSettingsDto {
  @ApiPropertyOptional({
    description:
      'Whether targets itself may list an artifact that no delegation is for; where not, it is refused. True unless given where there are no bins.',
    example: false,
  })
  @Optional()
  @IsBoolean()
  readonly targetsListsArtifacts?: boolean;

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

export class SettingsDto extends UpdateSettingsDto {
  @ApiPropertyOptional({
    type: BinsDto,
    nullable: true,
    example: DEFAULT_BINS,
    description: 'The hash bins that list the artifacts; null to have targets list them or delegate to named roles.',
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @ValidateNested()
  @Type(() => BinsDto)
  readonly bins?: BinsDto | null;
}

export function givenSettings(dto: UpdateSettingsDto): Omit<GivenSettings, 'bins' | 'binSigners'> {
  return {
    ...(dto.targetsListsArtifacts !== undefined && { targetsListsArtifacts: dto.targetsListsArtifacts }),
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
