import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class WithdrawSigningEventDto {
  @ApiProperty({
    description: 'Why, for those who were asked to sign.',
    minLength: 1,
    maxLength: 1_000,
    example: 'wrong expiry',
  })
  @IsString()
  @Length(1, 1_000)
  readonly reason!: string;
}
