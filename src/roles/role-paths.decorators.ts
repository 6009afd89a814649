import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

type Documentation = Pick<ApiPropertyOptions, 'description' | 'example'>;

/** Patterns of paths, checked by the core one by one. */
export function PathPatterns(documentation: Documentation): PropertyDecorator {
  return texts(1_000, documentation);
}

/** Starts of hashes of paths, checked by the core one by one. */
export function PathHashPrefixes(documentation: Documentation): PropertyDecorator {
  return texts(65_536, documentation);
}

function texts(maxItems: number, documentation: Documentation): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: [String], maxItems, ...documentation }),
    Optional(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(maxItems),
    IsString({ each: true }),
  );
}
