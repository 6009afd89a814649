import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookEventType } from '../webhook-event.js';

/** Where, and of what, somebody outside is told. */
@Entity('webhook')
export class WebhookEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_pkey' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  url!: string;

  /** What messages are signed with; the receiver has the same. */
  @Column('text')
  secret!: string;

  @Column('text', { array: true })
  events!: readonly WebhookEventType[];

  /** Null for all. */
  @Column('text', { array: true, nullable: true })
  repositories!: readonly string[] | null;

  @Column('boolean', { name: 'is_enabled' })
  isEnabled!: boolean;

  /** Why the service has disabled it; null where nobody or somebody else did. */
  @Column('text', { name: 'disabled_because', nullable: true })
  disabledBecause!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('text', { name: 'created_by' })
  createdBy!: string;
}
