import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

export class ForecastQuery {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'How many days ahead.',
    minimum: 1,
    maximum: 3_650,
    default: 90,
    example: 90,
  })
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3_650)
  readonly days: number = 90;
}
