import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which CI jobs may do what. */
export class TrustedPublishers1795910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table trusted_publisher (
         id uuid not null constraint trusted_publisher_pkey primary key,
         name text not null,
         issuer text not null,
         audience text not null,
         claims json not null,
         scopes text[] not null,
         repositories text[],
         paths text[],
         created_at timestamptz not null,
         created_by text not null,
         expires_at timestamptz,
         last_used_at timestamptz
       )`,
    );
    await runner.query('create index trusted_publisher_issuer_idx on trusted_publisher (issuer)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trusted_publisher');
  }
}
