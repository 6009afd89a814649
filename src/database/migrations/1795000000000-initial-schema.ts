import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InitialSchema1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table access_token, online_key, signing_event, artifact, role, metadata_version, revision, task, repository',
    );
  }
}

const STATEMENTS = [
  `create table repository (
    id integer generated always as identity,
    name text not null,
    state text not null,
    settings jsonb not null,
    created_at timestamptz not null,
    constraint repository_pkey primary key (id),
    constraint repository_name_key unique (name),
    constraint repository_state_check check (state in ('awaiting-signatures', 'bootstrapping', 'ready', 'refused'))
  )`,
  `create table task (
    id uuid not null,
    repository_id integer not null,
    sequence bigserial not null,
    kind text not null,
    change json not null,
    change_bytes integer not null,
    state text not null,
    outcome json,
    revision integer,
    principal text not null,
    idempotency_key text,
    request_digest text not null,
    created_at timestamptz not null,
    settled_at timestamptz,
    constraint task_pkey primary key (id),
    constraint task_repository_fkey foreign key (repository_id) references repository (id),
    constraint task_state_check check (state in ('waiting', 'succeeded', 'partly-refused', 'refused'))
  )`,
  `create index task_waiting_idx on task (repository_id, sequence) where state = 'waiting'`,
  'create unique index task_repository_sequence_key on task (repository_id, sequence)',
  `create unique index task_idempotency_key on task (repository_id, idempotency_key)
    where idempotency_key is not null`,
  `create table revision (
    repository_id integer not null,
    number integer not null,
    published_at timestamptz not null,
    constraint revision_pkey primary key (repository_id, number),
    constraint revision_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  `create table metadata_version (
    repository_id integer not null,
    role text collate "C" not null,
    version integer not null,
    revision integer not null,
    bytes bytea not null,
    sha256 text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    constraint metadata_version_pkey primary key (repository_id, role, version),
    constraint metadata_version_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  'create index metadata_version_revision_idx on metadata_version (repository_id, revision)',
  `create table role (
    repository_id integer not null,
    name text collate "C" not null,
    version integer not null,
    expires_at timestamptz not null,
    renew_at timestamptz,
    constraint role_pkey primary key (repository_id, name),
    constraint role_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  'create index role_renew_at_idx on role (renew_at) where renew_at is not null',
  'create index role_expires_at_idx on role (expires_at)',
  `create table artifact (
    repository_id integer not null,
    path text collate "C" not null,
    role text not null,
    length bigint not null,
    hashes json not null,
    custom json,
    revision integer not null,
    constraint artifact_pkey primary key (repository_id, path),
    constraint artifact_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  `create table signing_event (
    id uuid not null,
    repository_id integer not null,
    role text not null,
    version integer not null,
    state text not null,
    metadata json not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    reason text,
    constraint signing_event_pkey primary key (id),
    constraint signing_event_repository_fkey foreign key (repository_id) references repository (id),
    constraint signing_event_state_check check (state in ('open', 'completed', 'superseded', 'withdrawn'))
  )`,
  `create index signing_event_open_idx on signing_event (repository_id) where state = 'open'`,
  'create index signing_event_repository_opened_idx on signing_event (repository_id, opened_at)',
  `create table online_key (
    key_id text not null,
    uri text not null,
    name text not null,
    key json not null,
    created_at timestamptz not null,
    constraint online_key_pkey primary key (key_id)
  )`,
  `create table access_token (
    id uuid not null,
    name text not null,
    hash bytea not null,
    created_at timestamptz not null,
    constraint access_token_pkey primary key (id)
  )`,
  'create unique index access_token_hash_key on access_token (hash)',
];
