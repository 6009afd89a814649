import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

const KEYS_DESCRIPTION =
  'Who signs: the ids of keys that the service or the repository knows, or public keys in TUF form (keytype, scheme, keyval).';

const KEY_ITEMS = {
  type: 'array' as const,
  minItems: 1,
  maxItems: 100,
  items: {
    oneOf: [
      { type: 'string', pattern: '^[0-9a-f]{64}$' },
      { type: 'object', additionalProperties: true },
    ],
  },
};

/** Checked by the core, which names the key and the rule. */
export class RoleSignersDto {
  @ApiProperty({
    ...KEY_ITEMS,
    description: KEYS_DESCRIPTION,
    example: [{ keytype: 'ed25519', scheme: 'ed25519', keyval: { public: 'd0'.repeat(32) } }],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  readonly keys!: readonly unknown[];

  @ApiPropertyOptional({ description: 'How many of the keys must sign.', minimum: 1, default: 1, example: 1 })
  @Optional()
  @IsInt()
  @Min(1)
  readonly threshold: number = 1;
}

export class OptionalRoleSignersDto {
  @ApiPropertyOptional({ ...KEY_ITEMS, description: KEYS_DESCRIPTION })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  readonly keys?: readonly unknown[];

  @ApiPropertyOptional({ description: 'How many of the keys must sign.', minimum: 1, example: 1 })
  @Optional()
  @IsInt()
  @Min(1)
  readonly threshold?: number;
}
