import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

export class AddSignatureDto {
  @ApiProperty({ description: 'The id of the key that signed.', pattern: '^[0-9a-f]{64}$' })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'keyid must be 64 lower-case hex digits' })
  readonly keyid!: string;

  @ApiProperty({
    description:
      'The signature over the canonical JSON of `signed`, in hex; empty or left out where there is a bundle.',
    pattern: '^(?:[0-9a-f]{2})+$',
    maxLength: 4_096,
    required: false,
  })
  @ValidateIf(({ sig, bundle }: AddSignatureDto) => bundle === undefined || Boolean(sig))
  @IsString()
  @MaxLength(4_096)
  @Matches(/^(?:[0-9a-f]{2})+$/, { message: 'sig must be lower-case hex' })
  readonly sig?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'For keys that are Sigstore identities: the Sigstore bundle, as cosign sign-blob --bundle writes it for the bytes at …/payload.',
  })
  @Optional()
  @IsObject()
  readonly bundle?: object;
}
