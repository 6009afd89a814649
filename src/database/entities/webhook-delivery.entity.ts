import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WebhookEntity } from './webhook.entity.js';
import { WebhookEventEntity } from './webhook-event.entity.js';

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

/** That a webhook is told of an event, and how far that got. */
@Entity('webhook_delivery')
@Check('webhook_delivery_state_check', `"state" in ('waiting', 'delivered', 'failed')`)
@Index('webhook_delivery_waiting_idx', ['webhookId', 'repository', 'sequence'], { where: `"state" = 'waiting'` })
@Index('webhook_delivery_leased_idx', ['webhookId', 'repository'], { where: '"leased_until" is not null' })
@Index('webhook_delivery_sequence_idx', ['sequence'])
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid', { name: 'webhook_id', primaryKeyConstraintName: 'webhook_delivery_pkey' })
  @ForeignKey(() => WebhookEntity, { name: 'webhook_delivery_webhook_fkey', onDelete: 'CASCADE' })
  webhookId!: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'webhook_delivery_pkey' })
  @ForeignKey(() => WebhookEventEntity, { name: 'webhook_delivery_event_fkey', onDelete: 'CASCADE' })
  sequence!: string;

  /** A webhook is told of the events of one repository one by one. */
  @Column({ type: 'text', collation: 'C' })
  repository!: string;

  @Column('text')
  state!: DeliveryState;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt!: Date;

  /** Until then a process is at it. */
  @Column('timestamptz', { name: 'leased_until', nullable: true })
  leasedUntil!: Date | null;

  /** What came of the last attempt. */
  @Column('text', { name: 'last_result', nullable: true })
  lastResult!: string | null;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
