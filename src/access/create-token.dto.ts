import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../http/display-name.js';
import { Duration } from '../http/duration.decorator.js';
import type { DurationDto } from '../http/duration.dto.js';
import { Optional } from '../http/optional.decorator.js';
import { GivenRightsDto } from './rights.dto.js';
import { DEFAULT_VALID_DAYS, MAXIMUM_VALID_DAYS } from './validity.js';

export class CreateTokenDto extends GivenRightsDto {
  @ApiProperty({
    description: 'What people, tasks and the audit log call it.',
    ...DISPLAY_NAME_SCHEMA,
    example: 'ci of team-a',
  })
  @IsDisplayName('name')
  readonly name!: string;

  @Duration({
    description:
      `How long it is valid, at most ${MAXIMUM_VALID_DAYS} days. ${DEFAULT_VALID_DAYS} days, unless given; in any case not ` +
      'longer than the token that creates it.',
    example: { days: 30 },
  })
  readonly expiresIn?: DurationDto;

  @ApiPropertyOptional({
    description: 'That it never expires; not beside `expiresIn`.',
    default: false,
    example: false,
  })
  @Optional()
  @IsBoolean()
  readonly permanent?: boolean;
}
