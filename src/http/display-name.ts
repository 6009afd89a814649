import { applyDecorators } from '@nestjs/common';
import { IsString, Matches } from 'class-validator';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,99}$/u;

/** For what people call keys, owners and tokens: nothing that could pass for something else on a terminal or in a page. */
export function IsDisplayName(field: string): PropertyDecorator {
  const message = `${field} must be 1 to 100 letters, digits, spaces and . _ @ + -`;
  return applyDecorators(IsString(), Matches(NAME, { message }));
}

/** The same rule for the OpenAPI document. */
export const DISPLAY_NAME_SCHEMA = {
  minLength: 1,
  maxLength: 100,
  pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,99}$',
} as const;
