import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { PageQuery } from '../http/pagination.js';

export class ListArtifactsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only artifacts whose path starts with this.', example: 'app/' })
  @Optional()
  @IsString()
  @MaxLength(1_024)
  readonly prefix?: string;
}
