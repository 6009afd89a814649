import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../database/webhook-event.js';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../http/display-name.js';
import { Optional } from '../http/optional.decorator.js';
import { AreEventTypes, AreRepositoryNames } from './webhook-rules.decorators.js';

export class CreateWebhookDto {
  @ApiProperty({ description: 'What people call it.', ...DISPLAY_NAME_SCHEMA, example: 'chat of the release team' })
  @IsDisplayName('name')
  readonly name!: string;

  @ApiProperty({
    description: 'Where messages go: https, or http into a network that the operator allows.',
    example: 'https://hooks.example.com/trs',
  })
  @IsString()
  readonly url!: string;

  @ApiPropertyOptional({
    enum: WEBHOOK_EVENT_TYPES,
    isArray: true,
    description: 'What it is told of; everything, unless given.',
    example: ['revision.published', 'expiry.near'],
  })
  @Optional()
  @AreEventTypes()
  readonly events?: WebhookEventType[];

  @ApiPropertyOptional({
    type: [String],
    description: 'The names of the repositories that it is told of; all, unless given.',
    example: ['demo'],
  })
  @Optional()
  @AreRepositoryNames()
  readonly repositories?: string[];
}
