import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { IsKeyName, KEY_NAME_SCHEMA } from './key-name.js';

/** The rest of a key never changes. */
export class UpdateKeyDto {
  @ApiPropertyOptional({ description: 'What people call the key.', ...KEY_NAME_SCHEMA, example: 'demo online' })
  @Optional()
  @IsKeyName('name')
  readonly name?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Who answers for the key: a person or a team; null for nobody.',
    ...KEY_NAME_SCHEMA,
    example: 'release team',
  })
  @ValidateIf((_, owner) => owner !== undefined && owner !== null)
  @IsKeyName('owner')
  readonly owner?: string | null;
}
