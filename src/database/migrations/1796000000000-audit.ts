import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log, its chains and its checkpoints. */
export class Audit1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_checkpoint, audit_unlinked, audit_link, audit_entry');
    await runner.query('drop function refuse_edit_of_audit_log()');
  }
}

const UP = [
  `create table audit_entry (
    sequence bigint generated always as identity,
    id uuid not null,
    at timestamptz not null,
    repository text collate "C" not null,
    principal text,
    credential uuid,
    address text,
    action text not null,
    target json not null,
    task uuid,
    revision integer,
    before json,
    after json,
    constraint audit_entry_pkey primary key (sequence)
  )`,
  'create index audit_entry_repository_sequence_idx on audit_entry (repository, sequence)',
  'create index audit_entry_at_idx on audit_entry (at)',
  `create table audit_link (
    repository text collate "C" not null,
    position bigint not null,
    sequence bigint not null,
    hash text not null,
    constraint audit_link_pkey primary key (repository, position)
  )`,
  'create unique index audit_link_sequence_key on audit_link (sequence)',
  'create table audit_unlinked (sequence bigint not null, constraint audit_unlinked_pkey primary key (sequence))',
  `create table audit_checkpoint (
    repository_id integer not null,
    checkpoint json not null,
    issued_at timestamptz not null,
    constraint audit_checkpoint_pkey primary key (repository_id),
    constraint audit_checkpoint_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  `create function refuse_edit_of_audit_log() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
    end
  $$`,
  ...['audit_entry', 'audit_link'].map(
    (table) => `create trigger ${table}_is_append_only before update or delete or truncate on ${table}
      for each statement execute function refuse_edit_of_audit_log()`,
  ),
];
