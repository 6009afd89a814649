import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { KEY_SCHEMES, type KeyScheme } from '../tuf/key.js';

const KEY_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,99}$/u;

export class CreateKeyDto {
  @ApiProperty({
    description: 'What people call the key.',
    minLength: 1,
    maxLength: 100,
    pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,99}$',
    example: 'demo online',
  })
  @IsString()
  @Matches(KEY_NAME, { message: 'name must be 1 to 100 letters, digits, spaces and . _ @ + -' })
  readonly name!: string;

  @ApiPropertyOptional({
    enum: KEY_SCHEMES,
    default: 'ed25519',
    description: 'The signature scheme; ed25519 is the one that every TUF client knows.',
    example: 'ed25519',
  })
  @IsOptional()
  @IsIn(KEY_SCHEMES)
  readonly scheme: KeyScheme = 'ed25519';
}
