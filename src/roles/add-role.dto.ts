import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsString, Min } from 'class-validator';
import { Duration } from '../http/duration.decorator.js';
import { DurationDto } from '../http/duration.dto.js';
import { Optional } from '../http/optional.decorator.js';
import { PathHashPrefixes, PathPatterns } from './role-paths.decorators.js';
import { RoleSignersDto } from './role-signers.dto.js';

export class AddRoleDto extends RoleSignersDto {
  @ApiProperty({
    description: 'A name that no role of the repository has: 1 to 128 of a-z, 0-9, "_", "." and "-".',
    example: 'team-a',
  })
  @IsString()
  readonly name!: string;

  @ApiPropertyOptional({ description: 'The role that delegates to it.', default: 'targets', example: 'targets' })
  @Optional()
  @IsString()
  readonly delegator: string = 'targets';

  @PathPatterns({
    description: 'Patterns of the paths it may list; `*` and `?` do not cross "/". This or `pathHashPrefixes`.',
    example: ['team-a/*', 'team-a/*/*'],
  })
  readonly paths?: readonly string[];

  @PathHashPrefixes({
    description: 'Starts of the sha256 of the paths it may list, in hex; the empty text is for any path.',
  })
  readonly pathHashPrefixes?: readonly string[];

  @ApiPropertyOptional({
    description: 'Whether clients that do not find a path here look no further.',
    default: false,
    example: false,
  })
  @Optional()
  @IsBoolean()
  readonly terminating: boolean = false;

  @ApiPropertyOptional({
    description: 'Its place among the roles of its delegator: 0 is looked into first. The last unless given.',
    minimum: 0,
    example: 0,
  })
  @Optional()
  @IsInt()
  @Min(0)
  readonly position?: number;

  @Duration({ description: 'How long a version is valid; the repository’s unless given.' })
  readonly expiry?: DurationDto;

  @Duration({
    description: 'How long before its expiry it is signed again; a quarter of `expiry` unless given.',
    example: { days: 7 },
  })
  readonly renewalWindow?: DurationDto;
}
