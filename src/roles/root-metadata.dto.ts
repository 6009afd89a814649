import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsObject } from 'class-validator';

/** Checked by the core, which names the field and the rule. */
export class RootMetadataDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', properties: { keyid: { type: 'string' }, sig: { type: 'string' } } },
    description: 'The signatures it has: none yet, some, or all; by keys of the root in force and of this one.',
    example: [],
  })
  @IsArray()
  readonly signatures!: readonly unknown[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The root (TUF 4.3), its version one above the root in force.',
    example: { _type: 'root', version: 2 },
  })
  @IsObject()
  readonly signed!: object;
}
