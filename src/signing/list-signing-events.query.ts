import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { PageQuery } from '../http/pagination.js';
import type { SigningEventState } from '../tuf/signing-event.js';
import { SIGNING_EVENT_STATES } from './signing-event.dto.js';

export class ListSigningEventsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: SIGNING_EVENT_STATES, description: 'Only events in this state.' })
  @Optional()
  @IsIn(SIGNING_EVENT_STATES)
  readonly state?: SigningEventState;
}
