import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { ArtifactDto } from './artifact.dto.js';

export const MAXIMUM_ARTIFACTS = 10_000;

export class AddArtifactsDto {
  /** Each is checked by the core, which names the field and the rule. */
  @ApiProperty({
    type: [ArtifactDto],
    minItems: 1,
    maxItems: MAXIMUM_ARTIFACTS,
    description: 'The artifacts to add; one that is listed already is replaced, or left alone when nothing differs.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAXIMUM_ARTIFACTS)
  readonly artifacts!: readonly unknown[];
}
