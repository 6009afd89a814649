import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class LineRefusalDto {
  @ApiProperty({ description: 'The number of the line, from 1; of CSV, that on which the record begins.', example: 7 })
  readonly line!: number;

  @ApiPropertyOptional({ description: 'The path in it, where it has one.', example: '/app.tar.gz' })
  readonly path?: string;

  @ApiProperty({ description: 'A stable name for the reason.', example: 'artifact-path-invalid' })
  readonly code!: string;

  @ApiProperty({ description: 'The reason in words.', example: 'artifact.path must not start with "/"' })
  readonly detail!: string;
}
