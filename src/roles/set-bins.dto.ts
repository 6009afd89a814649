import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import type { BinsKind } from '../tuf/hash-bins.js';
import { OptionalRoleSignersDto } from './role-signers.dto.js';

const KINDS: BinsKind[] = ['succinct', 'classic'];

/** Without keys, those of the bins that there are go on or, where there are none, those that sign the role online. */
export class SetBinsDto extends OptionalRoleSignersDto {
  @ApiProperty({
    description: 'How many hash bins: a power of two from 2 to 16,384.',
    minimum: 2,
    maximum: 16_384,
    example: 512,
  })
  @IsInt()
  readonly count!: number;

  @ApiPropertyOptional({
    enum: KINDS,
    default: 'succinct',
    description: '`succinct` (TAP 15) is small; `classic` spells out path_hash_prefixes for clients such as tough.',
    example: 'succinct',
  })
  @Optional()
  @IsIn(KINDS)
  readonly kind: BinsKind = 'succinct';
}
