import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { MAXIMUM_WAIT_SECONDS } from '../http/mutation.js';
import { Optional } from '../http/optional.decorator.js';

export class WaitQuery {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds to wait for the task to be settled.',
    minimum: 0,
    maximum: MAXIMUM_WAIT_SECONDS,
    default: 0,
    example: 10,
  })
  @Optional()
  @IsString()
  readonly wait?: string;
}
