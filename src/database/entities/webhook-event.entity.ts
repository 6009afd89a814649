import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Something that webhooks are told, written by the commit in which it happened. */
@Entity('webhook_event')
@Index('webhook_event_happened_at_idx', ['happenedAt'])
export class WebhookEventEntity {
  /** Order of what happened in a repository. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'webhook_event_pkey',
  })
  sequence!: string;

  /** What receivers tell repetitions by. */
  @Column('uuid')
  id!: string;

  @Column('text')
  type!: string;

  @Column('json')
  data!: object;

  @Column('timestamptz', { name: 'happened_at' })
  happenedAt!: Date;
}
