import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finds the past, and has its space used again soon. */
export class Retention1795800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

// By default PostgreSQL would wait until a fifth of a table is dead, which of bytes kept for days is much.
const VACUUM = ['metadata_version', 'revision', 'task'];

const UP = [
  `create index metadata_version_timestamp_expiry_idx on metadata_version (expires_at) where role = 'timestamp'`,
  'create index task_settled_at_idx on task (settled_at) where settled_at is not null',
  ...VACUUM.map((table) => `alter table ${table} set (autovacuum_vacuum_scale_factor = 0.02)`),
  'alter table metadata_version set (toast.autovacuum_vacuum_scale_factor = 0.02)',
];

const DOWN = [
  'alter table metadata_version reset (toast.autovacuum_vacuum_scale_factor)',
  ...VACUUM.map((table) => `alter table ${table} reset (autovacuum_vacuum_scale_factor)`),
  'drop index task_settled_at_idx',
  'drop index metadata_version_timestamp_expiry_idx',
];
