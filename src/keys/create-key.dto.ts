import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { KEY_SCHEMES, type KeyScheme } from '../tuf/key.js';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,99}$/u;
const NAME_RULE = 'must be 1 to 100 letters, digits, spaces and . _ @ + -';
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export class CreateKeyDto {
  @ApiProperty({
    description: 'What people call the key.',
    minLength: 1,
    maxLength: 100,
    pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,99}$',
    example: 'demo online',
  })
  @IsString()
  @Matches(NAME, { message: `name ${NAME_RULE}` })
  readonly name!: string;

  @ApiPropertyOptional({
    description: 'Who answers for the key: a person or a team.',
    minLength: 1,
    maxLength: 100,
    pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,99}$',
    example: 'release team',
  })
  @Optional()
  @IsString()
  @Matches(NAME, { message: `owner ${NAME_RULE}` })
  readonly owner?: string;

  @ApiPropertyOptional({
    enum: KEY_SCHEMES,
    default: 'ed25519',
    description:
      'The signature scheme of the key to generate; ed25519 is the one that every TUF client knows. Not with `uri`.',
    example: 'ed25519',
  })
  @Optional()
  @IsIn(KEY_SCHEMES)
  readonly scheme?: KeyScheme;

  @ApiPropertyOptional({
    description:
      'Where an existing key lives: `env:`, `pkcs11:`, `awskms:`, `gcpkms:`, `azurekms:`, `vault:` or `file:`. Not with `scheme`.',
    maxLength: 1_000,
    pattern: '^[\\x21-\\x7e]+$',
    example: 'awskms:alias/trs-timestamp',
  })
  @Optional()
  @IsString()
  @MaxLength(1_000)
  @Matches(VISIBLE_ASCII, { message: 'uri must be visible ASCII characters' })
  readonly uri?: string;
}
