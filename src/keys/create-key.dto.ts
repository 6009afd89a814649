import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Matches, MaxLength } from 'class-validator';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../http/display-name.js';
import { Optional } from '../http/optional.decorator.js';
import { KEY_SCHEMES, type KeyScheme } from '../tuf/key.js';

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export class CreateKeyDto {
  @ApiProperty({ description: 'What people call the key.', ...DISPLAY_NAME_SCHEMA, example: 'demo online' })
  @IsDisplayName('name')
  readonly name!: string;

  @ApiPropertyOptional({
    description: 'Who answers for the key: a person or a team.',
    ...DISPLAY_NAME_SCHEMA,
    example: 'release team',
  })
  @Optional()
  @IsDisplayName('owner')
  readonly owner?: string;

  @ApiPropertyOptional({
    enum: KEY_SCHEMES,
    default: 'ed25519',
    description:
      'The signature scheme of the key to generate; ed25519 is the one that every TUF client knows. Not with `uri` or `key`.',
    example: 'ed25519',
  })
  @Optional()
  @IsIn(KEY_SCHEMES)
  readonly scheme?: KeyScheme;

  @ApiPropertyOptional({
    description:
      'Where an existing online key lives: `env:`, `pkcs11:`, `awskms:`, `gcpkms:`, `azurekms:`, `vault:` or `file:`. Not ' +
      'with `scheme` or `key`.',
    maxLength: 1_000,
    pattern: '^[\\x21-\\x7e]+$',
    example: 'awskms:alias/trs-timestamp',
  })
  @Optional()
  @IsString()
  @MaxLength(1_000)
  @Matches(VISIBLE_ASCII, { message: 'uri must be visible ASCII characters' })
  readonly uri?: string;

  /** Checked by the core, which names the field and the rule. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'The public half of an offline key, as it goes into root metadata (TUF 4.2). Its private half stays with its owner. ' +
      'Not with `scheme` or `uri`.',
    example: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: '…' } },
  })
  @Optional()
  @IsObject()
  readonly key?: object;
}
