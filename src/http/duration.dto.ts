import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Min } from 'class-validator';
import { Optional } from './optional.decorator.js';
import { ProblemError } from './problem.js';

const SECONDS_A_DAY = 86_400;

/** Days or seconds, one of them. */
export class DurationDto {
  @ApiPropertyOptional({ description: 'Whole days.', minimum: 1, example: 30 })
  @Optional()
  @IsInt()
  @Min(1)
  readonly days?: number;

  @ApiPropertyOptional({ description: 'Whole seconds.', minimum: 1 })
  @Optional()
  @IsInt()
  @Min(1)
  readonly seconds?: number;
}

export function secondsOf({ days, seconds }: DurationDto, field: string): number {
  if ((days === undefined) === (seconds === undefined)) {
    const rule = 'must give either days or seconds';
    throw new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
  }
  return seconds ?? (days ?? 0) * SECONDS_A_DAY;
}
