import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, IsString, Max, Min } from 'class-validator';
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

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 100_000_000,
    description:
      'After an older backup of the database was restored: the highest version of timestamp that clients may have seen. All that is signed online gets versions beyond what was published.',
    example: 1200,
  })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  readonly beyond?: number;
}
