import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsObject } from 'class-validator';

/** Checked by the core, which names the field and the rule. */
export class RoleMetadataDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', properties: { keyid: { type: 'string' }, sig: { type: 'string' } } },
    description: 'Signatures of as many keys of the role as its threshold asks for.',
    example: [],
  })
  @IsArray()
  readonly signatures!: readonly unknown[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Targets metadata (TUF 4.5), its version one above the version in force.',
    example: { _type: 'targets', version: 2 },
  })
  @IsObject()
  readonly signed!: object;
}
