import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports of artifacts: how far each got, what it accepted and has not published yet, and what it refused. */
export class ArtifactImport1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table import_overtaken, import_refusal, import_entry, artifact_import');
  }
}

const STATEMENTS = [
  `create table artifact_import (
    id integer generated always as identity,
    task_id uuid not null,
    repository_id integer not null,
    state text not null,
    heard_at timestamptz not null,
    interruption text,
    lines_read bigint not null,
    accepted bigint not null,
    refused bigint not null,
    published bigint not null,
    added bigint not null,
    replaced bigint not null,
    unchanged bigint not null,
    awaiting_signatures bigint not null,
    repeated bigint not null,
    overtaken bigint not null,
    published_to bigint not null,
    revision integer,
    awaited json,
    constraint artifact_import_pkey primary key (id),
    constraint artifact_import_task_key unique (task_id),
    constraint artifact_import_task_fkey foreign key (task_id) references task (id),
    constraint artifact_import_repository_fkey foreign key (repository_id) references repository (id),
    constraint artifact_import_state_check check (state in ('receiving', 'publishing', 'settled'))
  )`,
  `create index artifact_import_open_idx on artifact_import (repository_id) where state <> 'settled'`,
  `create table import_entry (
    import_id integer not null,
    path_order bigint not null,
    line bigint not null,
    path text collate "C" not null,
    file json not null,
    constraint import_entry_pkey primary key (import_id, path_order, line)
  )`,
  `create table import_refusal (
    import_id integer not null,
    line bigint not null,
    path text,
    code text not null,
    detail text not null,
    constraint import_refusal_pkey primary key (import_id, line),
    constraint import_refusal_import_fkey foreign key (import_id) references artifact_import (id)
  )`,
  `create table import_overtaken (
    import_id integer not null,
    path_order bigint not null,
    path text collate "C" not null,
    constraint import_overtaken_pkey primary key (import_id, path_order, path)
  )`,
];
