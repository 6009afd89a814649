import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who outside is told of what, and how far that got. */
export class Webhooks1796010000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table expiry_notice, webhook_delivery, webhook_event, webhook');
  }
}

const UP = [
  `create table webhook (
    id uuid not null,
    name text not null,
    url text not null,
    secret text not null,
    events text[] not null,
    repositories text[],
    is_enabled boolean not null,
    disabled_because text,
    created_at timestamptz not null,
    created_by text not null,
    constraint webhook_pkey primary key (id)
  )`,
  `create table webhook_event (
    sequence bigint generated always as identity,
    id uuid not null,
    type text not null,
    data json not null,
    happened_at timestamptz not null,
    constraint webhook_event_pkey primary key (sequence)
  )`,
  `create table webhook_delivery (
    webhook_id uuid not null,
    sequence bigint not null,
    repository text collate "C" not null,
    state text not null,
    attempts integer not null,
    next_attempt_at timestamptz not null,
    leased_until timestamptz,
    last_result text,
    settled_at timestamptz,
    constraint webhook_delivery_pkey primary key (webhook_id, sequence),
    constraint webhook_delivery_webhook_fkey foreign key (webhook_id) references webhook (id) on delete cascade,
    constraint webhook_delivery_event_fkey foreign key (sequence) references webhook_event (sequence) on delete cascade,
    constraint webhook_delivery_state_check check (state in ('waiting', 'delivered', 'failed'))
  )`,
  `create index webhook_delivery_waiting_idx on webhook_delivery (webhook_id, repository, sequence) where state = 'waiting'`,
  `create index webhook_delivery_leased_idx on webhook_delivery (webhook_id, repository) where leased_until is not null`,
  'create index webhook_delivery_sequence_idx on webhook_delivery (sequence)',
  'create index webhook_event_happened_at_idx on webhook_event (happened_at)',
  `create table expiry_notice (
    repository_id integer not null,
    role text collate "C" not null,
    expires_at timestamptz not null,
    constraint expiry_notice_pkey primary key (repository_id, role),
    constraint expiry_notice_repository_fkey foreign key (repository_id) references repository (id)
  )`,
];
