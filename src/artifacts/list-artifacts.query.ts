import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../http/pagination.js';

export class ListArtifactsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only artifacts whose path starts with this.', example: 'app/' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly prefix?: string;
}
