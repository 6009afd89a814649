import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryRecord } from '../database/webhook-delivery.store.js';
import { Page } from '../http/pagination.js';

export class WebhookDeliveryDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the event, as the receiver gets it in `webhook-id`.' })
  readonly event!: string;

  @ApiProperty({ description: 'What happened.', example: 'revision.published' })
  readonly type!: string;

  @ApiProperty({ description: 'Where.', example: 'demo' })
  readonly repository!: string;

  @ApiProperty({ format: 'date-time', description: 'When.' })
  readonly happenedAt!: string;

  @ApiProperty({
    enum: ['waiting', 'delivered', 'failed'],
    description: '`failed` when it was given up.',
    example: 'delivered',
  })
  readonly state!: string;

  @ApiProperty({ description: 'How often it was tried.', example: 1 })
  readonly attempts!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it is tried next at the earliest; what waits behind others of its repository waits longer.',
  })
  readonly nextAttemptAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What came of the last attempt.', example: 'answered 200' })
  readonly lastResult!: string | null;
}

export class WebhookDeliveryPage extends Page {
  @ApiProperty({ type: [WebhookDeliveryDto], description: 'Newest first, of the last 14 days.' })
  readonly items!: readonly WebhookDeliveryDto[];
}

export class WebhookTestDto {
  @ApiProperty({ description: 'Whether the receiver took the message: it answered 2xx.', example: true })
  readonly isDelivered!: boolean;

  @ApiProperty({ description: 'What came of it.', example: 'answered 200' })
  readonly result!: string;
}

export function webhookDeliveryDto(record: DeliveryRecord): WebhookDeliveryDto {
  const { id, type, repository, happenedAt, state, attempts, nextAttemptAt, lastResult } = record;
  return {
    event: id,
    type,
    repository,
    happenedAt: happenedAt.toISOString(),
    state,
    attempts,
    nextAttemptAt: state === 'waiting' ? nextAttemptAt.toISOString() : null,
    lastResult,
  };
}
