import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { KeyKind } from '../database/key.store.js';
import { Optional } from '../http/optional.decorator.js';
import { PageQuery } from '../http/pagination.js';
import { KEY_KINDS } from './key.dto.js';

export class ListKeysQuery extends PageQuery {
  @ApiPropertyOptional({ enum: KEY_KINDS, description: 'Only keys of this kind.' })
  @Optional()
  @IsIn(KEY_KINDS)
  readonly kind?: KeyKind;
}
