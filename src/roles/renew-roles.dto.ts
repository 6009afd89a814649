import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString } from 'class-validator';

export class RenewRolesDto {
  @ApiPropertyOptional({
    type: [String],
    maxItems: 1_000,
    description: 'The roles to sign again; all that are signed online when left out.',
    example: ['snapshot', 'timestamp'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  readonly roles: readonly string[] = [];
}
