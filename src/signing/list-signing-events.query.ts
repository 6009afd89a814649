import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import type { SigningEventState } from '../tuf/repository-state.js';
import { SIGNING_EVENT_STATES } from './signing-event.dto.js';

export class ListSigningEventsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: SIGNING_EVENT_STATES, description: 'Only events in this state.' })
  @IsOptional()
  @IsIn(SIGNING_EVENT_STATES)
  readonly state?: SigningEventState;
}
