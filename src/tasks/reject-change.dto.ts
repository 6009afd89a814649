import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

const REASON = /^[^\p{C}\p{Zl}\p{Zp}]{1,500}$/u;

export class RejectChangeDto {
  @ApiPropertyOptional({
    description: 'Why; the task says so.',
    minLength: 1,
    maxLength: 500,
    example: 'not agreed with the team',
  })
  @Optional()
  @IsString()
  @Matches(REASON, { message: 'reason must be 1 to 500 printable characters' })
  readonly reason?: string;
}
