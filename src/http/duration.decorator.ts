import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { DurationDto } from './duration.dto.js';
import { Optional } from './optional.decorator.js';

/** A field of days or seconds that may be left out. */
export function Duration(documentation: Pick<ApiPropertyOptions, 'description' | 'example'>): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: DurationDto, ...documentation }),
    Optional(),
    ValidateNested(),
    Type(() => DurationDto),
  );
}
