import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MAXIMUM_WAIT_SECONDS } from '../http/mutation.js';

export class WaitQuery {
  @ApiPropertyOptional({
    description: 'Seconds to wait for the task to be settled.',
    minimum: 0,
    maximum: MAXIMUM_WAIT_SECONDS,
    default: 0,
    example: 10,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAXIMUM_WAIT_SECONDS)
  readonly wait: number = 0;
}
