import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, Min } from 'class-validator';
import { Duration } from '../http/duration.decorator.js';
import { DurationDto } from '../http/duration.dto.js';
import { Optional } from '../http/optional.decorator.js';
import { PathHashPrefixes, PathPatterns } from './role-paths.decorators.js';
import { OptionalRoleSignersDto } from './role-signers.dto.js';

/** What is left out stays as it is. */
export class UpdateRoleDto extends OptionalRoleSignersDto {
  @PathPatterns({
    description: 'Patterns of the paths it may list, instead of those there are.',
    example: ['team-a/*'],
  })
  readonly paths?: readonly string[];

  @PathHashPrefixes({
    description: 'Starts of the sha256 of the paths it may list, in hex, instead of what there is.',
  })
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

  @Duration({ description: 'How long a version is valid, from its next one on.' })
  readonly expiry?: DurationDto;

  @Duration({ description: 'How long before its expiry it is signed again.' })
  readonly renewalWindow?: DurationDto;
}
