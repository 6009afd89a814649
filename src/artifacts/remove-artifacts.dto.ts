import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { MAXIMUM_ARTIFACTS } from './add-artifacts.dto.js';

export class RemoveArtifactsDto {
  /** Each is checked by the core, which names the field and the rule. */
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAXIMUM_ARTIFACTS,
    description: 'The paths of the artifacts to remove.',
    example: ['app/1.0/app.tar.gz'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAXIMUM_ARTIFACTS)
  readonly paths!: readonly unknown[];
}
