import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

export class RenewRolesDto {
  @ApiPropertyOptional({
    type: [String],
    maxItems: 1_000,
    description: 'The roles to sign again; all that are signed online when left out.',
    example: ['snapshot', 'timestamp'],
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  readonly roles: readonly string[] = [];
}
