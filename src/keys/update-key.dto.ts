import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../http/display-name.js';
import { Optional } from '../http/optional.decorator.js';

/** The rest of a key never changes. */
export class UpdateKeyDto {
  @ApiPropertyOptional({ description: 'What people call the key.', ...DISPLAY_NAME_SCHEMA, example: 'demo online' })
  @Optional()
  @IsDisplayName('name')
  readonly name?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Who answers for the key: a person or a team; null for nobody.',
    ...DISPLAY_NAME_SCHEMA,
    example: 'release team',
  })
  @ValidateIf((_, owner) => owner !== undefined && owner !== null)
  @IsDisplayName('owner')
  readonly owner?: string | null;
}
