import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, IsString, Min, ValidateNested } from 'class-validator';
import { DurationDto } from '../http/duration.dto.js';
import { Optional } from '../http/optional.decorator.js';
import { OptionalRoleSignersDto } from './role-signers.dto.js';

/** What is left out stays as it is. */
export class UpdateRoleDto extends OptionalRoleSignersDto {
  @ApiPropertyOptional({
    type: [String],
    maxItems: 1_000,
    description: 'Patterns of the paths it may list, instead of those there are.',
    example: ['team-a/*'],
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  readonly paths?: readonly string[];

  @ApiPropertyOptional({
    type: [String],
    maxItems: 65_536,
    description: 'Starts of the sha256 of the paths it may list, in hex, instead of what there is.',
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(65_536)
  @IsString({ each: true })
  readonly pathHashPrefixes?: readonly string[];

  @ApiPropertyOptional({ description: 'Whether clients that do not find a path here look no further.' })
  @Optional()
  @IsBoolean()
  readonly terminating?: boolean;

  @ApiPropertyOptional({ description: 'Its place among the roles of its delegator, 0 being the first.', minimum: 0 })
  @Optional()
  @IsInt()
  @Min(0)
  readonly position?: number;

  @ApiPropertyOptional({ type: DurationDto, description: 'How long a version is valid, from its next one on.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly expiry?: DurationDto;

  @ApiPropertyOptional({ type: DurationDto, description: 'How long before its expiry it is signed again.' })
  @Optional()
  @ValidateNested()
  @Type(() => DurationDto)
  readonly renewalWindow?: DurationDto;
}
