import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';

export class AddSignatureDto {
  @ApiProperty({ description: 'The id of the key that signed.', pattern: '^[0-9a-f]{64}$' })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'keyid must be 64 lower-case hex digits' })
  readonly keyid!: string;

  @ApiProperty({
    description: 'The signature over the canonical JSON of `signed`, in hex.',
    pattern: '^(?:[0-9a-f]{2})+$',
    maxLength: 4_096,
  })
  @IsString()
  @MaxLength(4_096)
  @Matches(/^(?:[0-9a-f]{2})+$/, { message: 'sig must be lower-case hex' })
  readonly sig!: string;
}
