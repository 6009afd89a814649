import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';

const WAYS = ['move', 'remove'] as const;

export class RemoveRoleQuery {
  @ApiPropertyOptional({
    enum: WAYS,
    default: 'move',
    description:
      'What becomes of the artifacts that it lists: they go to the roles in which clients look for them then, or away with it, as they should when its keys were stolen.',
    example: 'move',
  })
  @Optional()
  @IsIn(WAYS)
  readonly artifacts: 'move' | 'remove' = 'move';

  // Read by the mutation decorator.
  @Optional()
  readonly wait?: string;
}
