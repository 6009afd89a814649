import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { MAXIMUM_LIMITS } from '../rights/rights.js';
import { SCOPE_NAMES, SCOPES, type Scope } from '../rights/scope.js';

const SCOPE_LIST = Object.entries(SCOPES).map(([scope, allows]) => `- \`${scope}\`: ${allows}`);

/** What a token or a trusted publisher is to be allowed. */
export abstract class GivenRightsDto {
  @ApiProperty({
    enum: SCOPE_NAMES,
    isArray: true,
    minItems: 1,
    description: `What it may do.\n\n${SCOPE_LIST.join('\n')}`,
    example: ['artifacts:write'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SCOPE_NAMES.length)
  @IsIn(SCOPE_NAMES, { each: true, message: 'scopes must be among those that the API documents' })
  readonly scopes!: readonly Scope[];

  /** Each is checked by itself, with its place. */
  @Limits({
    description:
      'Repositories that it is limited to: names, in which `*` stands for any characters. All, unless given.',
    example: ['demo'],
  })
  readonly repositories?: readonly string[];

  /** Each is checked by itself, with its place. */
  @Limits({
    description:
      'Artifacts that it may add, replace and remove: paths, in which `*` stands for any characters but `/`, and the ' +
      'segment `**` for one or more whole segments. All, unless given.',
    example: ['team-a/**'],
  })
  readonly paths?: readonly string[];
}

/** What it is allowed. */
export abstract class RightsDto {
  @ApiProperty({ enum: SCOPE_NAMES, isArray: true, description: 'What it may do.', example: ['artifacts:write'] })
  readonly scopes!: readonly Scope[];

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Repositories that it is limited to; null for all.',
    example: ['demo'],
  })
  readonly repositories!: readonly string[] | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Artifacts that it may add, replace and remove; null for all.',
    example: ['team-a/**'],
  })
  readonly paths!: readonly string[] | null;
}

function Limits(documentation: Pick<ApiPropertyOptions, 'description' | 'example'>): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: [String], minItems: 1, maxItems: MAXIMUM_LIMITS, ...documentation }),
    Optional(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAXIMUM_LIMITS),
    IsString({ each: true }),
  );
}
