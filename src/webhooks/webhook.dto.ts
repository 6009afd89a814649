import { ApiProperty } from '@nestjs/swagger';
import type { WebhookEntity } from '../database/entities/webhook.entity.js';
import { WEBHOOK_EVENT_TYPES } from '../database/webhook-event.js';
import { Page } from '../http/pagination.js';

export class WebhookDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the webhook.' })
  readonly id!: string;

  @ApiProperty({ description: 'What people call it.', example: 'chat of the release team' })
  readonly name!: string;

  @ApiProperty({ description: 'Where messages go.', example: 'https://hooks.example.com/trs' })
  readonly url!: string;

  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, isArray: true, description: 'What it is told of.' })
  readonly events!: readonly string[];

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The repositories that it is told of; null for all.',
    example: null,
  })
  readonly repositories!: readonly string[] | null;

  @ApiProperty({ description: 'Whether it is told anything.', example: true })
  readonly isEnabled!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why the service disabled it.', example: null })
  readonly disabledBecause!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was created.' })
  readonly createdAt!: string;

  @ApiProperty({ description: 'Who created it.', example: 'administrator' })
  readonly createdBy!: string;
}

export class NewWebhookDto extends WebhookDto {
  @ApiProperty({ description: 'What messages are signed with; this answer alone shows it.', example: 'whsec_…' })
  readonly secret!: string;
}

export class WebhookPage extends Page {
  @ApiProperty({ type: [WebhookDto], description: 'Newest first.' })
  readonly items!: readonly WebhookDto[];
}

export function webhookDto(webhook: WebhookEntity): WebhookDto {
  const { secret: _, createdAt, ...shown } = webhook;
  return { ...shown, createdAt: createdAt.toISOString() };
}
