import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a token allows, until when, who made it, and when it was used last. */
export class TokenRights1795900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Until now a token was the administrator's.
    await runner.query(
      `alter table access_token
         add column scopes text[] not null default '{admin}',
         add column repositories text[],
         add column paths text[],
         add column created_by text,
         add column expires_at timestamptz,
         add column revoked_at timestamptz,
         add column last_used_at timestamptz`,
    );
    await runner.query('alter table access_token alter column scopes drop default');
  }

  async down(runner: QueryRunner): Promise<void> {
    // The schema before knows administrators alone: what is less must not become one.
    await runner.query(
      `delete from access_token where not 'admin' = any(scopes) or repositories is not null or paths is not null
         or expires_at is not null or revoked_at is not null`,
    );
    await runner.query(
      `alter table access_token drop column scopes, drop column repositories, drop column paths, drop column created_by,
         drop column expires_at, drop column revoked_at, drop column last_used_at`,
    );
  }
}
