import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, ValidateIf } from 'class-validator';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../database/webhook-event.js';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../http/display-name.js';
import { Optional } from '../http/optional.decorator.js';
import { AreEventTypes, AreRepositoryNames } from './webhook-rules.decorators.js';

/** What is left out stays. Another address is another webhook: it would get the secret of this one. */
export class UpdateWebhookDto {
  @ApiPropertyOptional({
    description: 'What people call it.',
    ...DISPLAY_NAME_SCHEMA,
    example: 'chat of the release team',
  })
  @Optional()
  @IsDisplayName('name')
  readonly name?: string;

  @ApiPropertyOptional({
    enum: WEBHOOK_EVENT_TYPES,
    isArray: true,
    description: 'What it is told of.',
    example: ['task.failed'],
  })
  @Optional()
  @AreEventTypes()
  readonly events?: WebhookEventType[];

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'The names of the repositories that it is told of; null for all.',
    example: null,
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @AreRepositoryNames()
  readonly repositories?: string[] | null;

  @ApiPropertyOptional({
    description: 'Whether it is told anything; what waits goes on when it is enabled again.',
    example: true,
  })
  @Optional()
  @IsBoolean()
  readonly isEnabled?: boolean;
}
