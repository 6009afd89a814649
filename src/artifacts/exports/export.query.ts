import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { ImportFormat } from '../../database/artifact-import.js';
import { Optional } from '../../http/optional.decorator.js';

const FORMATS: ImportFormat[] = ['ndjson', 'csv'];

export class ExportQuery {
  @ApiPropertyOptional({
    enum: FORMATS,
    description: 'The format; without it, as `Accept` asks, and NDJSON where that leaves it open.',
    example: 'ndjson',
  })
  @Optional()
  @IsIn(FORMATS)
  readonly format?: ImportFormat;
}
